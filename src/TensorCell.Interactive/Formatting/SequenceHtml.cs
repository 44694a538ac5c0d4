using System.Collections;

namespace TensorCell.Interactive.Formatting;

/// <summary>Sequences: objects as a table, plain values as a list, always bounded, however long or lazy.</summary>
internal static class SequenceHtml
{
    private const int MostRows = 40;
    private const int MostSimpleItems = 100;
    private const int MostColumns = 20;

    /// <summary>Whether a value that can be enumerated is shown by its items; text, JSON and the like are not.</summary>
    public static bool IsPlainSequence(IEnumerable items) =>
        items is not (string or System.Text.Json.Nodes.JsonNode or Delegate) && !items.GetType().IsCOMObject;

    public static string Write(IEnumerable items)
    {
        if (items is Array { Rank: 2 } matrix)
        {
            return Matrix(matrix);
        }

        var (shown, more, failure) = Read(items, MostSimpleItems);
        var total = CountOf(items) is { } count ? $"{count:N0} items" : more ? $"more than {shown.Count} items" : $"{shown.Count} items";
        var body = items is IDictionary || shown.Any(IsPair) ? Pairs(shown, ref more)
            : shown.Any(item => item is not null && !CellText.IsSimple(item)) ? Objects(shown, ref more)
            : $"<pre>[{Html.Encode(string.Join(", ", shown.Select(CellText.Of)))}{(more ? ", …" : "")}]</pre>";
        var isLong = more || shown.Count > 10;
        return Html.Output(
            body,
            isLong ? Html.Note(total) : "",
            failure is null ? "" : Html.Note($"then the sequence failed: {failure.GetType().Name}: {CellText.Cut(ExceptionHtml.MessageOf(failure), 200)}"));
    }

    /// <summary>The sequence in plain text, on a line or a few.</summary>
    public static string Text(IEnumerable items)
    {
        if (items is Array { Rank: > 1 } array)
        {
            return $"{TypeName.Of(array.GetType())} {string.Join(" x ", Enumerable.Range(0, array.Rank).Select(array.GetLength))}";
        }

        var (shown, more, failure) = Read(items, 20);
        var complex = shown.Any(item => item is not null && !CellText.IsSimple(item) && !IsPair(item));
        var texts = shown.Select(Item).ToList();
        if (more)
        {
            texts.Add(CountOf(items) is { } count ? $"… ({count:N0} items)" : "…");
        }

        if (failure is not null)
        {
            texts.Add($"({failure.GetType().Name}: {CellText.Cut(ExceptionHtml.MessageOf(failure), 200)})");
        }

        return complex ? "[\n  " + string.Join(",\n  ", texts) + "\n]"
            : items is IDictionary ? $"{{{string.Join(", ", texts)}}}"
            : $"[{string.Join(", ", texts)}]";
    }

    /// <summary>How many items there are, where that is known without enumerating.</summary>
    public static int? CountOf(IEnumerable items)
    {
        try
        {
            return items switch
            {
                ICollection collection => collection.Count,
                _ => items.GetType().GetInterfaces()
                    .FirstOrDefault(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IReadOnlyCollection<>))
                    ?.GetProperty("Count")?.GetValue(items) as int?,
            };
        }
        catch (Exception exception) when (exception is not (OperationCanceledException or ThreadInterruptedException))
        {
            return null;
        }
    }

    private static (List<object?> Items, bool More, Exception? Failure) Read(IEnumerable items, int most)
    {
        var read = new List<object?>();
        try
        {
            foreach (var item in items)
            {
                if (read.Count == most)
                {
                    return (read, true, null);
                }

                read.Add(item);
            }
        }
        catch (Exception exception) when (exception is not (OperationCanceledException or ThreadInterruptedException))
        {
            return (read, false, exception);
        }

        return (read, false, null);
    }

    private static bool IsPair(object? item) =>
        item is DictionaryEntry || (item?.GetType() is { IsGenericType: true } type && type.GetGenericTypeDefinition() == typeof(KeyValuePair<,>));

    private static (object? Key, object? Value) PairOf(object item) =>
        item is DictionaryEntry entry ? (entry.Key, entry.Value) : (Members.Read(item, "Key"), Members.Read(item, "Value"));

    private static string Item(object? item) =>
        IsPair(item) && PairOf(item!) is var (key, value) ? $"{CellText.Of(key)}: {CellText.Of(value)}" : CellText.Of(item);

    private static string Pairs(List<object?> items, ref bool more)
    {
        var table = new HtmlTable(["key", "value"]);
        foreach (var item in items.Take(MostRows))
        {
            var (key, value) = IsPair(item) ? PairOf(item!) : (null, item);
            table.Add([CellText.Cell(key), CellText.Cell(value)]);
        }

        return Finish(table, items.Count, ref more);
    }

    private static string Objects(List<object?> items, ref bool more)
    {
        var shown = items.Take(MostRows).ToArray();
        if (shown.All(item => item is null or IEnumerable || CellText.IsSimple(item)))
        {
            return Rows(shown, items.Count, ref more);
        }

        var names = shown.Where(item => item is not null && !CellText.IsSimple(item))
            .SelectMany(item => Members.Names(item!.GetType())).Distinct().Take(MostColumns).ToArray();
        if (names.Length == 0)
        {
            var list = new HtmlTable(["#", "value"]);
            for (var i = 0; i < shown.Length; i++)
            {
                list.Add([new TableCell($"{i}", true), CellText.Cell(shown[i])]);
            }

            return Finish(list, items.Count, ref more);
        }

        var table = new HtmlTable(["#", .. names]);
        for (var i = 0; i < shown.Length; i++)
        {
            var item = shown[i];
            var number = new TableCell($"{i}", true);
            table.Add(item is null || CellText.IsSimple(item)
                ? [number, CellText.Cell(item)]
                : [number, .. names.Select(name => CellText.Cell(Members.Read(item, name)))]);
        }

        return Finish(table, items.Count, ref more);
    }

    private static string Rows(object?[] rows, int count, ref bool more)
    {
        var read = rows.Select(row => row is IEnumerable items and not string ? Read(items, MostColumns + 1).Items : [row]).ToArray();
        var columns = Math.Min(read.Max(row => row.Count), MostColumns);
        var table = new HtmlTable(["#", .. Enumerable.Range(0, columns).Select(i => $"{i}")]);
        for (var i = 0; i < read.Length; i++)
        {
            table.Add([new TableCell($"{i}", true), .. read[i].Take(columns).Select(CellText.Cell)]);
        }

        return Finish(table, count, ref more);
    }

    private static string Finish(HtmlTable table, int count, ref bool more)
    {
        if (count > MostRows)
        {
            more = true;
        }

        if (more)
        {
            table.Add(null);
        }

        return table.ToHtml();
    }

    private static string Matrix(Array matrix)
    {
        int rows = matrix.GetLength(0), columns = matrix.GetLength(1);
        var places = Elision.Places(columns, 12);
        var table = new HtmlTable(["", .. places.Select(column => column is { } c ? $"{c}" : "…")]);
        foreach (var place in Elision.Places(rows, MostRows))
        {
            table.Add(place is not { } row
                ? null
                :
                [
                    new TableCell($"{row}", true),
                    .. places.Select(column => column is { } c
                        ? CellText.Cell(matrix.GetValue(row + matrix.GetLowerBound(0), c + matrix.GetLowerBound(1)))
                        : new TableCell("…", true)),
                ]);
        }

        return Html.Output(Html.Heading(TypeName.Of(matrix.GetType()), $"{rows:N0} x {columns:N0}"), table.ToHtml());
    }
}
