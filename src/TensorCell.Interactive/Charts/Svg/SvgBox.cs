namespace TensorCell.Interactive;

/// <summary>A box plot.</summary>
internal sealed class SvgBox(BoxTrace trace, string color) : SvgDistribution(trace.Name, trace.Values, trace.Horizontal)
{
    private const int MostPoints = 400;

    protected override void Draw(TurnedPen pen, BoxSummary summary, double middle, double width, SvgAxis axis)
    {
        var half = Math.Min(width * (trace.ShowPoints ? 0.2 : 0.3), 36);
        double Value(double value) => PlaceOf(value, axis);

        var stroke = $"stroke=\"{color}\" stroke-width=\"1.8\"";
        pen.Line(middle, Value(summary.LowerFence), middle, Value(summary.FirstQuartile), stroke);
        pen.Line(middle, Value(summary.ThirdQuartile), middle, Value(summary.UpperFence), stroke);
        pen.Line(middle - (half / 2), Value(summary.LowerFence), middle + (half / 2), Value(summary.LowerFence), stroke);
        pen.Line(middle - (half / 2), Value(summary.UpperFence), middle + (half / 2), Value(summary.UpperFence), stroke);
        pen.Rectangle(middle - half, Value(summary.FirstQuartile), middle + half, Value(summary.ThirdQuartile), $"rx=\"2\" fill=\"{color}\" fill-opacity=\"0.28\" {stroke}");
        pen.Line(middle - half, Value(summary.Median), middle + half, Value(summary.Median), $"stroke=\"{color}\" stroke-width=\"3\"");
        DrawPoints(pen, summary, middle, half, Value);
    }

    private void DrawPoints(TurnedPen pen, BoxSummary summary, double middle, double half, Func<double, double> value)
    {
        var points = trace.ShowPoints ? Quantiles.SortedFinite(trace.Values.Numbers) : summary.Outliers;
        var stride = Math.Max(1, (points.Length + MostPoints - 1) / MostPoints);
        for (var i = 0; i < points.Length; i += stride)
        {
            // The golden ratio's multiples spread points evenly without a random number, so a chart is always drawn the same.
            var spread = trace.ShowPoints ? ((i * 0.6180339887 % 1) - 0.5) * half * 0.8 : 0;
            pen.Circle(middle + (trace.ShowPoints ? -1.55 * half : 0) + spread, value(points[i]), 2.6, $"fill=\"{color}\" fill-opacity=\"0.65\"");
        }
    }
}
