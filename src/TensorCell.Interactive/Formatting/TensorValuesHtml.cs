using System.Globalization;
using System.Text.RegularExpressions;
using TensorCell.Kernels;
using TensorCell.Tensors;

namespace TensorCell.Interactive.Formatting;

/// <summary>A tensor's values with the middle left out; what is not finite stands out.</summary>
internal static partial class TensorValuesHtml
{
    private const int MostRows = 12;
    private const int MostColumns = 10;
    private const int MostInText = 100;

    public static string Write(Tensor tensor)
    {
        if (tensor.Count == 0 || tensor.Rank == 0 || (tensor.Rank is 1 or 3 && tensor.Count <= MostInText))
        {
            return Text(tensor);
        }

        if (tensor.Rank == 1)
        {
            return Matrix(tensor.Unsqueeze(0), hasRows: false);
        }

        var corner = tensor;
        while (corner.Rank > 2)
        {
            corner = corner[0];
        }

        var matrices = tensor.Count / corner.Count;
        return (tensor.Rank == 2 ? "" : Html.Note($"[{string.Concat(Enumerable.Repeat("0, ", tensor.Rank - 2))}.., ..], the first of {matrices:N0} such {(matrices == 1 ? "matrix" : "matrices")}"))
            + Matrix(corner, hasRows: true);
    }

    /// <summary>A number to five digits.</summary>
    public static string Number(double value) => value switch
    {
        double.PositiveInfinity => "∞",
        double.NegativeInfinity => "−∞",
        _ when Math.Abs(value) < 1e9 && value == Math.Truncate(value) => value.ToString("0", CultureInfo.InvariantCulture),
        _ => value.ToString("G5", CultureInfo.InvariantCulture),
    };

    private static string Text(Tensor tensor)
    {
        var html = Html.Preformatted(tensor.ToString());
        return tensor.DType.IsFloatingPoint ? NotFinite().Replace(html, match => Html.Bad(match.Value)) : html;
    }

    private static string Matrix(Tensor matrix, bool hasRows)
    {
        var columns = Elision.Places(matrix.Shape[1], MostColumns);
        var table = new HtmlTable(["", .. columns.Select(column => column is { } c ? c.ToString(CultureInfo.InvariantCulture) : "…")]);
        foreach (var place in Elision.Places(matrix.Shape[0], MostRows))
        {
            if (place is not { } row)
            {
                table.Add(null);
                continue;
            }

            var values = Row(matrix, row, columns);
            table.Add([new TableCell(hasRows ? $"{row}" : "", true), .. columns.Select((column, i) => column is null ? new TableCell("…", true) : Element(values[i], matrix.DType))]);
        }

        return table.ToHtml();
    }

    private static double[] Row(Tensor matrix, int row, IReadOnlyList<int?> columns)
    {
        var line = matrix.Slice(0, row..(row + 1));
        var half = columns.Count / 2;
        return columns.Contains(null)
            ? [.. Read(line.Slice(1, ..half)), 0, .. Read(line.Slice(1, ^half..))]
            : Read(line);
    }

    private static double[] Read(Tensor tensor) => tensor.To(DType.Float64).ToArray<double>();

    private static TableCell Element(double value, DType dtype)
    {
        var text = dtype == DType.Bool ? (value != 0 ? "true" : "false")
            : dtype.IsFloatingPoint ? Number(value)
            : value.ToString("0", CultureInfo.InvariantCulture);
        return new TableCell(text, IsNumber: true) { IsBad = !double.IsFinite(value) };
    }

    [GeneratedRegex("-?\\b(?:nan|inf)\\b")]
    private static partial Regex NotFinite();
}
