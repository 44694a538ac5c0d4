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

    private static readonly TableCell leftOut = new("…", true);

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

    private static string Text(Tensor tensor)
    {
        var html = Html.Preformatted(tensor.ToString());
        return tensor.DType.IsFloatingPoint ? NotFinite().Replace(html, match => Html.Bad(match.Value)) : html;
    }

    private static string Matrix(Tensor matrix, bool hasRows)
    {
        var columns = Elision.Places(matrix.Shape[1], MostColumns);
        var table = new HtmlTable(["", .. columns.Select(column => column is { } c ? c.ToString(CultureInfo.InvariantCulture) : "…")]);
        var places = Elision.Places(matrix.Shape[0], MostRows);
        var rows = matrix.DType.IsFloatingPoint ? Numbers(matrix, places, columns) : Texts(matrix, places, columns);
        foreach (var (place, cells) in places.Zip(rows))
        {
            table.Add(place is { } row ? [new TableCell(hasRows ? $"{row}" : "", true), .. cells] : null);
        }

        return table.ToHtml();
    }

    private static IEnumerable<TableCell[]> Numbers(Tensor matrix, IReadOnlyList<int?> places, IReadOnlyList<int?> columns)
    {
        double?[][] rows = [.. places.Select(place => Row<double>(matrix, DType.Float64, place, columns))];
        var aligned = new AlignedNumbers([.. rows.SelectMany(row => row).OfType<double>()]);
        return rows.Select(row => row
            .Select(value => value is { } number ? new TableCell(aligned.Text(number), IsNumber: true) { IsBad = !double.IsFinite(number) } : leftOut)
            .ToArray());
    }

    private static IEnumerable<TableCell[]> Texts(Tensor matrix, IReadOnlyList<int?> places, IReadOnlyList<int?> columns) =>
        places.Select(place => Row<long>(matrix, DType.Int64, place, columns)
            .Select(value => value is not { } number ? leftOut
                : new TableCell(matrix.DType != DType.Bool ? number.ToString(CultureInfo.InvariantCulture) : number != 0 ? "true" : "false", IsNumber: true))
            .ToArray());

    private static T?[] Row<T>(Tensor matrix, DType dtype, int? place, IReadOnlyList<int?> columns)
        where T : unmanaged
    {
        if (place is not { } row)
        {
            return [];
        }

        var line = matrix.Slice(0, row..(row + 1));
        var half = columns.Count / 2;
        return columns.Contains(null)
            ? [.. Read(line.Slice(1, ..half)), null, .. Read(line.Slice(1, ^half..))]
            : [.. Read(line)];

        IEnumerable<T?> Read(Tensor part) => part.To(dtype).ToArray<T>().Cast<T?>();
    }

    [GeneratedRegex("-?\\b(?:nan|inf)\\b")]
    private static partial Regex NotFinite();
}
