using System.Globalization;
using TensorCell.Kernels;
using TensorCell.Tensors;

namespace TensorCell.Interactive.Formatting;

/// <summary>A tensor: what it is, its values with the middle left out, and how they are distributed.</summary>
internal static class TensorHtml
{
    private const int MostRows = 12;
    private const int MostColumns = 10;
    private const int LeastForHistogram = 16;
    private const int LeastForHeatmap = 64;

    public static string Write(Tensor tensor)
    {
        var state = tensor.IsPending ? " · was pending, computed to be shown" : tensor.IsView ? " · view" : "";
        var size = $"{tensor.Count:N0} {(tensor.Count == 1 ? "value" : "values")}, {Quantity.Bytes(tensor.ByteSize)}";
        var heading = Html.Heading($"Tensor {tensor.Shape} {tensor.DType.Name}", $"{size} on {tensor.Device.Name}{state}");
        var values = tensor.Rank == 2 && tensor.Count > 0 ? Matrix(tensor) : Html.Preformatted(tensor.ToString());
        if (tensor.Count < LeastForHistogram || TensorSample.Of(tensor) is not { } sample)
        {
            return Html.Output(heading, values);
        }

        return Html.Output(heading, Statistics(sample), Pictures(tensor, sample), values);
    }

    private static string Statistics(TensorSample sample)
    {
        var text = $"least {Number(sample.Least)}, mean {Number(sample.Mean)}, greatest {Number(sample.Greatest)}";
        text += sample.NotFinite > 0 ? $", {sample.NotFinite:N0} not finite" : "";
        return Html.Note(sample.IsWhole ? text : $"{text} (of {sample.Values.Length:N0} values spread evenly)");
    }

    private static string Pictures(Tensor tensor, TensorSample sample)
    {
        var distribution = Chart.Histogram(sample.Values).Size(360, 190).X("value").Y("count");
        var pictures = Html.Picture(distribution.ToSvg(), $"distribution of the values: {distribution}");
        if (tensor.Rank == 2 && tensor.Count >= LeastForHeatmap && tensor.Shape[0] >= 4 && tensor.Shape[1] >= 4 && TensorSample.Grid(tensor) is { } grid)
        {
            var map = new Figure
            {
                Traces = [grid with { Diverging = sample.Least < 0 && sample.Greatest > 0 }],
                Layout = new ChartLayout { Y = new ChartAxis { Reversed = true } },
            }.Size(360, 190);
            pictures = $"<div style=\"display:flex;flex-wrap:wrap;gap:10px\">{pictures}{Html.Picture(map.ToSvg(), $"heat map: {map}")}</div>";
        }

        return pictures;
    }

    private static string Matrix(Tensor tensor)
    {
        var columns = Elision.Places(tensor.Shape[1], MostColumns);
        var table = new HtmlTable(["", .. columns.Select(column => column is { } c ? c.ToString(CultureInfo.InvariantCulture) : "…")]);
        foreach (var place in Elision.Places(tensor.Shape[0], MostRows))
        {
            if (place is not { } row)
            {
                table.Add(null);
                continue;
            }

            var values = Row(tensor, row, columns);
            table.Add([new TableCell($"{row}", true), .. columns.Select((column, i) => new TableCell(column is null ? "…" : values[i], true))]);
        }

        return table.ToHtml();
    }

    private static string[] Row(Tensor tensor, int row, IReadOnlyList<int?> columns)
    {
        var line = tensor.Slice(0, row..(row + 1)).To(DType.Float64);
        var half = columns.Count / 2;
        double[] values = columns.Contains(null)
            ? [.. line.Slice(1, ..half).ToArray<double>(), 0, .. line.Slice(1, ^half..).ToArray<double>()]
            : line.ToArray<double>();
        return [.. values.Select(value => Element(value, tensor.DType))];
    }

    private static string Element(double value, DType dtype) =>
        dtype == DType.Bool ? (value != 0 ? "true" : "false")
        : dtype.IsFloatingPoint ? Number(value)
        : value.ToString("0", CultureInfo.InvariantCulture);

    private static string Number(double value) => value.ToString("G5", CultureInfo.InvariantCulture);
}
