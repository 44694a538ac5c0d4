namespace TensorCell.Interactive;

/// <summary>What the plots of a distribution share: a place among categories, and values along the other axis.</summary>
internal abstract class SvgDistribution(string? name, ChartValues values, bool isHorizontal) : SvgTrace
{
    private readonly BoxSummary? summary = BoxSummary.Of(values.Numbers);
    private double place;

    /// <summary>What the axis of values must hold.</summary>
    protected virtual ReadOnlySpan<double> Extent => values.Numbers;

    public sealed override void Include(SvgAxis x, SvgAxis y)
    {
        var (categoryAxis, valueAxis) = isHorizontal ? (y, x) : (x, y);
        place = categoryAxis.PlaceOf(name ?? " ");
        foreach (var value in Extent)
        {
            valueAxis.Include(value);
        }
    }

    public sealed override void Draw(SvgWriter svg, SvgAxis x, SvgAxis y)
    {
        if (summary is not null)
        {
            var (categoryAxis, valueAxis) = isHorizontal ? (y, x) : (x, y);
            Draw(new TurnedPen(svg, isHorizontal), summary, categoryAxis.Map(place), categoryAxis.Scale, valueAxis);
        }
    }

    /// <summary>Where a value stands; at the axis's start when a logarithmic axis has no place for it.</summary>
    protected static double PlaceOf(double value, SvgAxis axis) => axis.Log && value <= 0 ? axis.Start : axis.Map(value);

    /// <summary>Draws it.</summary>
    /// <param name="pen">Turned for the plot's direction.</param>
    /// <param name="summary">The distribution in a few numbers.</param>
    /// <param name="middle">Where it stands on the axis of categories.</param>
    /// <param name="width">The width of a category.</param>
    /// <param name="axis">The axis of values.</param>
    protected abstract void Draw(TurnedPen pen, BoxSummary summary, double middle, double width, SvgAxis axis);
}
