namespace TensorCell.Interactive.Formatting;

/// <summary>A table in plain text.</summary>
internal static class TextTable
{
    /// <summary>The rows, the first of them the headings, in columns two spaces apart.</summary>
    public static string Write(IReadOnlyList<IReadOnlyList<string>> rows)
    {
        var widths = Enumerable.Range(0, rows[0].Count).Select(column => rows.Max(row => row[column].Length)).ToArray();
        return string.Join('\n', rows.Select(row => string.Join("  ", row.Select((text, column) => text.PadRight(widths[column]))).TrimEnd()));
    }
}
