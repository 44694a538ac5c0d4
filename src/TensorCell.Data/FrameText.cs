using System.Globalization;
using System.Text;

namespace TensorCell.Data;

/// <summary>Frames and columns as plain text.</summary>
internal static class FrameText
{
    private const int MaxRows = 10;
    private const int MaxColumns = 12;
    private const int MaxWidth = 24;

    public static string Of(Column column)
    {
        IEnumerable<string> first = Enumerable.Range(0, Math.Min(MaxRows, column.Count)).Select(row => Cell(column, row));
        return $"{column.Name}: {column.Type.ShortName}[{column.Count}] [{string.Join(", ", first)}"
            + (column.Count > MaxRows ? ", …]" : "]");
    }

    /// <summary>The first and the last rows in aligned columns, under the columns' names and types.</summary>
    public static string Of(Frame frame)
    {
        int[] rows = frame.RowCount <= MaxRows
            ? [.. Enumerable.Range(0, frame.RowCount)]
            : [.. Enumerable.Range(0, MaxRows / 2), .. Enumerable.Range(frame.RowCount - (MaxRows / 2), MaxRows / 2)];
        List<string[]> columns = [];
        List<bool> alignsRight = [];
        foreach (Column column in frame.Columns.Take(MaxColumns))
        {
            columns.Add([Shorten(column.Name), column.Type.ShortName, .. rows.Select(row => Cell(column, row))]);
            alignsRight.Add(column.Type.IsNumeric);
        }

        StringBuilder text = new();
        text.Append(CultureInfo.InvariantCulture, $"Frame: {frame.RowCount} rows x {frame.ColumnCount} columns");
        if (frame.ColumnCount > MaxColumns)
        {
            text.Append(CultureInfo.InvariantCulture, $" (the first {MaxColumns} shown)");
        }

        for (int line = 0; line < rows.Length + 2 && columns.Count > 0; line++)
        {
            if (line == 2 + (MaxRows / 2) && frame.RowCount > MaxRows)
            {
                text.Append('\n').Append('…');
            }

            string[] cells = new string[columns.Count];
            for (int column = 0; column < cells.Length; column++)
            {
                int width = columns[column].Max(cell => cell.Length);
                cells[column] = alignsRight[column]
                    ? columns[column][line].PadLeft(width)
                    : columns[column][line].PadRight(width);
            }

            text.Append('\n').Append(string.Join("  ", cells).TrimEnd());
        }

        return text.ToString();
    }

    private static string Cell(Column column, int row) => column.GetIsMissing(row) ? "-" : column.GetValue(row) switch
    {
        double number => number.ToString("G7", CultureInfo.InvariantCulture),
        float number => number.ToString("G7", CultureInfo.InvariantCulture),
        _ => Shorten(column.GetText(row)),
    };

    public static string Shorten(string text)
    {
        string line = text.ReplaceLineEndings(" ");
        return line.Length <= MaxWidth ? line : line[..(MaxWidth - 1)] + "…";
    }
}
