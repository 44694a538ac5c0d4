using TensorCell.Kernels;
using TensorCell.Tensors;

namespace TensorCell.Interactive.Formatting;

/// <summary>A tensor: what it is, how its values are distributed, what they look like, and those at its edges.</summary>
internal static class TensorHtml
{
    private const int LeastForStatistics = 16;
    private const int LeastForHeatmap = 64;
    private const int FewestBars = 6;
    private const int MostBars = 28;

    public static string Write(Tensor tensor)
    {
        var (name, facts) = ($"Tensor {tensor.Shape} {tensor.DType.Name}", Facts(tensor));
        try
        {
            var wasPending = tensor.IsPending;
            tensor = tensor.Detach().Realize();
            facts += wasPending ? " · was pending, computed to be shown" : "";
        }
        catch (Exception exception) when (exception is not (OperationCanceledException or ThreadInterruptedException))
        {
            return Html.Output(Html.Heading(name, facts), $"<div>{Html.Bad($"It cannot be computed. {exception.Message}")}</div>");
        }

        var heading = Html.Heading(name, facts);
        var values = TensorValuesHtml.Write(tensor);
        if (tensor.Count < LeastForStatistics)
        {
            return Html.Output(heading, values);
        }

        var statistics = TensorStatistics.Of(tensor);
        var table = Statistics(tensor, statistics);
        return ImageLayout.OfPicture(tensor, statistics) is { } picture
            ? Html.Output(heading, table, ImageHtml.Picture(TensorImage.Of(picture, statistics)), Html.Details("values", values))
            : Html.Output(heading, table, Heatmap(tensor, statistics), values);
    }

    private static string Facts(Tensor tensor)
    {
        var facts = $"{tensor.Count:N0} {(tensor.Count == 1 ? "value" : "values")}, {Quantity.Bytes(tensor.ByteSize)} on {tensor.Device.Name}";
        facts += tensor.Rank > 1 ? $" · strides [{string.Join(", ", tensor.Strides.ToArray())}]" : "";
        facts += tensor.IsView && !tensor.IsPending ? " · view" : "";
        return facts + (tensor.RequiresGrad ? tensor.Grad is null ? " · requires a gradient" : " · requires a gradient, and has one" : "");
    }

    private static string Statistics(Tensor tensor, TensorStatistics statistics)
    {
        List<(string Name, TableCell Cell)> columns = [];
        if (tensor.DType == DType.Bool)
        {
            columns.Add(("true", Share(statistics.Count - statistics.Zeros, tensor.Count)));
            columns.Add(("false", Share(statistics.Zeros, tensor.Count)));
        }
        else
        {
            if (statistics.Count > 0)
            {
                columns.Add(("min", Number(statistics.Least)));
                columns.Add(("mean", Number(statistics.Mean)));
                columns.Add(("std", Number(statistics.Deviation)));
                columns.Add(("max", Number(statistics.Greatest)));
                columns.Add(("zeros", Share(statistics.Zeros, tensor.Count)));
            }

            AddIfAny("NaN", statistics.NotNumbers);
            AddIfAny("+∞", statistics.AboveAll);
            AddIfAny("−∞", statistics.BelowAll);
            if (statistics.Greatest > statistics.Least)
            {
                var bars = (int)Math.Clamp(Math.Sqrt(statistics.Count), FewestBars, MostBars);
                columns.Add(("distribution", TableCell.OfPicture(Sparkline.Bars(Bins.Of(TensorSample.Of(tensor), bars).Counts))));
            }
        }

        var table = new HtmlTable([.. columns.Select(column => column.Name)]);
        table.Add([.. columns.Select(column => column.Cell)]);
        return table.ToHtml();

        void AddIfAny(string name, long count)
        {
            if (count > 0)
            {
                columns.Add((name, Share(count, tensor.Count) with { IsBad = true }));
            }
        }
    }

    private static string Heatmap(Tensor tensor, TensorStatistics statistics)
    {
        if (tensor.Rank != 2 || tensor.Count < LeastForHeatmap || tensor.Shape[0] < 4 || tensor.Shape[1] < 4 || !(statistics.Greatest > statistics.Least))
        {
            return "";
        }

        var map = new Figure
        {
            Traces = [TensorSample.Grid(tensor) with { Diverging = statistics.Least < 0 && statistics.Greatest > 0 }],
            Layout = new ChartLayout { Y = new ChartAxis { Reversed = true } },
        }.Size(360, 190);
        return Html.Picture(map.ToSvg(), $"heat map: {map}");
    }

    private static TableCell Number(double value) => new(AlignedNumbers.Alone(value), IsNumber: true);

    private static TableCell Share(long count, long of) => new(
        count == 0 ? "0" : $"{count:N0} ({Quantity.Percent((double)count / of)})", IsNumber: true);
}
