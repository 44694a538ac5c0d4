namespace TensorCell.Interactive;

/// <summary>A violin plot with a small box inside.</summary>
internal sealed class SvgViolin(ViolinTrace trace, string color) : SvgDistribution(trace.Name, trace.Values, trace.Horizontal)
{
    private readonly (double Value, double Density)[] outline = Density.Of(trace.Values.Numbers);

    protected override ReadOnlySpan<double> Extent => outline.Select(point => point.Value).ToArray();

    protected override void Draw(TurnedPen pen, BoxSummary summary, double middle, double width, SvgAxis axis)
    {
        var half = Math.Min(width * 0.38, 60);
        var points = outline
            .Select(point => (Along: axis.Map(point.Value), Reach: point.Density * half))
            .Where(point => double.IsFinite(point.Along))
            .ToArray();
        var sides = points.Select(point => (middle + point.Reach, point.Along))
            .Concat(points.Reverse().Select(point => (middle - point.Reach, point.Along)));
        pen.Path(sides, closed: true, $"fill=\"{color}\" fill-opacity=\"0.3\" stroke=\"{color}\" stroke-width=\"1.6\"");
        pen.Line(middle, PlaceOf(summary.LowerFence, axis), middle, PlaceOf(summary.UpperFence, axis), $"stroke=\"{color}\" stroke-width=\"1.5\"");
        pen.Rectangle(middle - 5, PlaceOf(summary.FirstQuartile, axis), middle + 5, PlaceOf(summary.ThirdQuartile, axis), $"rx=\"2\" fill=\"{color}\"");
        pen.Circle(middle, PlaceOf(summary.Median, axis), 3, "class=\"ground\"");
    }
}
