using System.Collections;
using System.Globalization;
using System.Runtime.CompilerServices;

namespace TensorCell.Interactive.Formatting;

/// <summary>Values as one short line of text.</summary>
internal static class CellText
{
    private const int MostCharacters = 160;
    private const int MostItems = 6;
    private const int Deepest = 3;

    /// <summary>The value as a table's cell.</summary>
    public static TableCell Cell(object? value) => value is DateTime moment ? TableCell.Of(moment) : new(Of(value), IsNumber(value));

    /// <summary>The value as a line; long text and long sequences are cut.</summary>
    public static string Of(object? value) => Cut(Write(value, 0), MostCharacters);

    /// <summary>Whether the value is a number.</summary>
    public static bool IsNumber(object? value) => value is
        double or float or Half or decimal or int or long or short or sbyte or byte or ushort or uint or ulong or Int128 or UInt128
        or System.Numerics.BigInteger;

    /// <summary>Whether a value is shown by its text rather than by its parts.</summary>
    public static bool IsSimple(object? value) => value is
        null or string or char or bool or Enum or DateTime or DateTimeOffset or DateOnly or TimeOnly or TimeSpan or Guid or Uri or Version
        or Type or Delegate or System.Reflection.MemberInfo or System.Reflection.Assembly or Task or Thread or System.Text.StringBuilder
        or System.Numerics.Complex or System.Globalization.CultureInfo or IntPtr or UIntPtr || IsNumber(value);

    /// <summary>A simple value's text, in full.</summary>
    public static string Simple(object? value) => value switch
    {
        null => "null",
        double number => number.ToString("G9", CultureInfo.InvariantCulture),
        float number => number.ToString("G7", CultureInfo.InvariantCulture),
        bool truth => truth ? "true" : "false",
        DateTime { TimeOfDay.Ticks: 0 } date => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        DateTime date => date.ToString("yyyy-MM-dd HH:mm:ss.FFFFFFF", CultureInfo.InvariantCulture),
        DateTimeOffset date => date.ToString("yyyy-MM-dd HH:mm:ss.FFFFFFFzzz", CultureInfo.InvariantCulture),
        DateOnly date => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        Type type => TypeName.Of(type),
        Delegate function => $"{TypeName.Of(function.GetType())}: {function.Method.Name}",
        Task task => $"{TypeName.Of(task.GetType())} ({task.Status})",
        _ => SafeText.Of(value),
    };

    /// <summary>Text cut to a number of characters, with an ellipsis.</summary>
    public static string Cut(string text, int most)
    {
        if (text.Length <= most)
        {
            return text;
        }

        var end = char.IsHighSurrogate(text[most - 2]) ? most - 2 : most - 1;
        return text[..end] + "…";
    }

    private static string Write(object? value, int depth) => value switch
    {
        string text => text,
        Exception exception => $"{TypeName.Of(exception.GetType())}: {ExceptionHtml.MessageOf(exception)}",
        IDictionary or IEnumerable when depth >= Deepest || !RuntimeHelpers.TryEnsureSufficientExecutionStack() => "…",
        IDictionary dictionary => $"{{{Items(dictionary, item => item is DictionaryEntry entry ? $"{Write(entry.Key, depth + 1)}: {Write(entry.Value, depth + 1)}" : SafeText.Of(item))}}}",
        IEnumerable items when SequenceHtml.IsPlainSequence(items) => $"[{Items(items, item => Write(item, depth + 1))}]",
        ITuple tuple when depth < Deepest => $"({string.Join(", ", Enumerable.Range(0, tuple.Length).Select(i => Write(tuple[i], depth + 1)))})",
        _ => IsSimple(value) ? Simple(value) : SafeText.Of(value),
    };

    private static string Items(IEnumerable items, Func<object?, string> write)
    {
        var texts = new List<string>();
        try
        {
            foreach (var item in items)
            {
                if (texts.Count == MostItems)
                {
                    texts.Add("…");
                    break;
                }

                texts.Add(write(item));
            }
        }
        catch (Exception exception) when (exception is not (OperationCanceledException or ThreadInterruptedException))
        {
            texts.Add($"({exception.GetType().Name})");
        }

        return string.Join(", ", texts);
    }
}
