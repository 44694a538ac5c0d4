namespace TensorCell.Interactive;

/// <summary>A histogram's bars, side to side.</summary>
internal sealed class SvgHistogram(HistogramTrace trace, string color) : SvgTrace
{
    private readonly Bins bins = Bins.Of(trace.Values.Numbers, trace.Bins);

    public override void Include(SvgAxis x, SvgAxis y)
    {
        for (var i = 0; i < bins.Counts.Length; i++)
        {
            x.Include(bins.Start + (i * bins.Width));
            x.Include(bins.Start + ((i + 1) * bins.Width));
            y.Include(bins.Counts[i]);
        }
    }

    public override void Draw(SvgWriter svg, SvgAxis x, SvgAxis y)
    {
        for (var i = 0; i < bins.Counts.Length; i++)
        {
            var left = x.Map(bins.Start + (i * bins.Width));
            var right = x.Map(bins.Start + ((i + 1) * bins.Width));
            var top = y.Map(bins.Counts[i]);
            if (bins.Counts[i] > 0 && double.IsFinite(left) && double.IsFinite(right) && double.IsFinite(top))
            {
                var bottom = y.Base;
                var gap = Math.Abs(right - left) > 5 ? 0.5 : 0;
                svg.Rectangle(Math.Min(left, right) + gap, Math.Min(top, bottom), Math.Abs(right - left) - (2 * gap), Math.Abs(bottom - top), $"fill=\"{color}\" fill-opacity=\"0.82\"");
            }
        }
    }
}
