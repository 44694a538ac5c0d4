using System.Collections;
using System.Globalization;
using TensorCell.Data;
using TensorCell.Kernels;
using TensorCell.Tensors;

namespace TensorCell.Interactive;

/// <summary>
/// One column of a chart's data: numbers, category names or dates, copied when the chart is built so that the chart keeps
/// what it showed.
/// </summary>
public sealed class ChartValues
{
    private readonly double[] numbers;
    private readonly string[] texts;

    private ChartValues(ChartValueKind kind, double[] numbers, string[] texts)
    {
        Kind = kind;
        this.numbers = numbers;
        this.texts = texts;
    }

    /// <summary>No values.</summary>
    public static ChartValues Empty { get; } = new(ChartValueKind.Number, [], []);

    /// <summary>What the values are.</summary>
    public ChartValueKind Kind { get; }

    /// <summary>How many there are.</summary>
    public int Count => Kind == ChartValueKind.Text ? texts.Length : numbers.Length;

    /// <summary>The numbers, or dates as milliseconds since 1970-01-01; empty for text.</summary>
    public ReadOnlySpan<double> Numbers => numbers;

    /// <summary>The category names; empty for numbers and dates.</summary>
    public ReadOnlySpan<string> Texts => texts;

    /// <summary>The positions 0, 1, 2 …, for charts given values alone.</summary>
    public static ChartValues Range(int count)
    {
        var positions = new double[count];
        for (var i = 0; i < count; i++)
        {
            positions[i] = i;
        }

        return new ChartValues(ChartValueKind.Number, positions, []);
    }

    /// <summary>
    /// Copies a sequence: numbers of any width, dates, or anything else by its text. Null numbers are gaps. A sequence with both
    /// numbers and text is text.
    /// </summary>
    /// <exception cref="ArgumentNullException"><paramref name="values"/> is null.</exception>
    public static ChartValues From<T>(IEnumerable<T> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        return values switch
        {
            IEnumerable<double> doubles => new ChartValues(ChartValueKind.Number, [.. doubles], []),
            IEnumerable<float> floats => new ChartValues(ChartValueKind.Number, [.. floats.Select(v => (double)v)], []),
            IEnumerable<int> integers => new ChartValues(ChartValueKind.Number, [.. integers.Select(v => (double)v)], []),
            IEnumerable<string?> strings => new ChartValues(ChartValueKind.Text, [], [.. strings.Select(s => s ?? "")]),
            _ => FromObjects(values),
        };
    }

    /// <summary>The tensor's elements in row-major order; computes them if they are pending.</summary>
    public static implicit operator ChartValues(Tensor tensor) =>
        new(ChartValueKind.Number, tensor.To(DType.Float64).ToArray<double>(), []);

    /// <summary>The column's values: numbers, dates or text.</summary>
    public static implicit operator ChartValues(Column column) => column.Type switch
    {
        ColumnType.Text => From(column.ToArray<string?>()),
        ColumnType.Date or ColumnType.DateTime => From(Enumerable.Range(0, column.Count).Select(row => column[row])),
        _ => From(column.ToArray<double>()),
    };

    public static implicit operator ChartValues(double[] values) => From(values);

    public static implicit operator ChartValues(float[] values) => From(values);

    public static implicit operator ChartValues(int[] values) => From(values);

    public static implicit operator ChartValues(long[] values) => From(values);

    public static implicit operator ChartValues(string[] values) => From(values);

    public static implicit operator ChartValues(DateTime[] values) => From(values);

    public static implicit operator ChartValues(List<double> values) => From(values);

    public static implicit operator ChartValues(List<float> values) => From(values);

    public static implicit operator ChartValues(List<int> values) => From(values);

    public static implicit operator ChartValues(List<string> values) => From(values);

    /// <summary>The value at a place as text, as a tick or a table shows it.</summary>
    public string Text(int index) => Kind switch
    {
        ChartValueKind.Text => texts[index],
        ChartValueKind.Date => DateText(numbers[index]),
        _ => numbers[index].ToString("G6", CultureInfo.InvariantCulture),
    };

    /// <summary>The first <paramref name="count"/> values.</summary>
    internal ChartValues Take(int count) => count >= Count
        ? this
        : new ChartValues(Kind, Kind == ChartValueKind.Text ? [] : numbers[..count], Kind == ChartValueKind.Text ? texts[..count] : []);

    /// <summary>The values at the given places, in their order.</summary>
    internal ChartValues Pick(IReadOnlyList<int> places) => Kind == ChartValueKind.Text
        ? new ChartValues(Kind, [], [.. places.Select(i => texts[i])])
        : new ChartValues(Kind, [.. places.Select(i => numbers[i])], []);

    /// <summary>The same values as category names.</summary>
    internal ChartValues AsText() => Kind == ChartValueKind.Text
        ? this
        : new ChartValues(ChartValueKind.Text, [], [.. Enumerable.Range(0, Count).Select(Text)]);

    internal static string DateText(double milliseconds)
    {
        if (!(Math.Abs(milliseconds) < 6.2e13))
        {
            return "";
        }

        var date = DateTime.UnixEpoch.AddMilliseconds(milliseconds);
        var format = date.TimeOfDay == TimeSpan.Zero ? "yyyy-MM-dd" : "yyyy-MM-dd HH:mm:ss";
        return date.ToString(format, CultureInfo.InvariantCulture);
    }

    private static ChartValues FromObjects(IEnumerable values)
    {
        var items = values.Cast<object?>().ToArray();
        if (items.Length > 0 && items.All(item => item is null || IsNumber(item)))
        {
            return new ChartValues(ChartValueKind.Number, [.. items.Select(ToDouble)], []);
        }

        if (items.Length > 0 && items.Any(item => item is not null) && items.All(item => item is null or DateTime or DateTimeOffset or DateOnly))
        {
            return new ChartValues(ChartValueKind.Date, [.. items.Select(ToMilliseconds)], []);
        }

        return new ChartValues(
            items.Length == 0 ? ChartValueKind.Number : ChartValueKind.Text,
            [],
            [.. items.Select(item => Convert.ToString(item, CultureInfo.InvariantCulture) ?? "")]);
    }

    private static bool IsNumber(object item) =>
        item is double or float or int or long or short or byte or sbyte or ushort or uint or ulong or decimal or Half or TimeSpan;

    private static double ToDouble(object? item) => item switch
    {
        null => double.NaN,
        Half half => (double)half,
        TimeSpan span => span.TotalSeconds,
        _ => Convert.ToDouble(item, CultureInfo.InvariantCulture),
    };

    private static double ToMilliseconds(object? item) => item switch
    {
        DateTime date => (date - DateTime.UnixEpoch).TotalMilliseconds,
        DateTimeOffset date => (date.UtcDateTime - DateTime.UnixEpoch).TotalMilliseconds,
        DateOnly date => (date.ToDateTime(TimeOnly.MinValue) - DateTime.UnixEpoch).TotalMilliseconds,
        _ => double.NaN,
    };
}
