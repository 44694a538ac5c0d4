namespace TensorCell.Interactive;

/// <summary>A violin plot with a small box inside.</summary>
internal sealed class SvgViolin(ViolinTrace trace, string color) : SvgTrace
{
    private readonly BoxSummary? summary = BoxSummary.Of(trace.Values.Numbers);
    private readonly (double Value, double Density)[] outline = Density.Of(trace.Values.Numbers);
    private double place;

    public override void Include(SvgAxis x, SvgAxis y)
    {
        var (categoryAxis, valueAxis) = trace.Horizontal ? (y, x) : (x, y);
        place = categoryAxis.PlaceOf(trace.Name ?? " ");
        foreach (var (value, _) in outline)
        {
            valueAxis.Include(value);
        }
    }

    public override void Draw(SvgWriter svg, SvgAxis x, SvgAxis y)
    {
        if (summary is null)
        {
            return;
        }

        var (categoryAxis, valueAxis) = trace.Horizontal ? (y, x) : (x, y);
        var pen = new TurnedPen(svg, trace.Horizontal);
        var middle = categoryAxis.Map(place);
        var half = Math.Min(categoryAxis.Scale * 0.38, 60);
        var points = outline
            .Select(point => (Along: valueAxis.Map(point.Value), Reach: point.Density * half))
            .Where(point => double.IsFinite(point.Along))
            .ToArray();
        var sides = points.Select(point => (middle + point.Reach, point.Along))
            .Concat(points.Reverse().Select(point => (middle - point.Reach, point.Along)));
        pen.Path(sides, closed: true, $"fill=\"{color}\" fill-opacity=\"0.3\" stroke=\"{color}\" stroke-width=\"1.6\"");
        double Value(double value) => valueAxis.Log && value <= 0 ? valueAxis.Start : valueAxis.Map(value);
        pen.Line(middle, Value(summary.LowerFence), middle, Value(summary.UpperFence), $"stroke=\"{color}\" stroke-width=\"1.5\"");
        pen.Rectangle(middle - 5, Value(summary.FirstQuartile), middle + 5, Value(summary.ThirdQuartile), $"rx=\"2\" fill=\"{color}\"");
        pen.Circle(middle, Value(summary.Median), 3, "class=\"ground\"");
    }
}
