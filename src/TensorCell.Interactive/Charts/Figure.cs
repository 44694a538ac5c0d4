using System.Collections.Immutable;

namespace TensorCell.Interactive;

/// <summary>
/// An immutable chart: traces and a layout. Every method returns a changed copy. Shown in a notebook it is drawn at once, and
/// interactive where scripts run; its JSON is Plotly's.
/// </summary>
/// <example><code>Chart.Line(x, y, "loss").Title("Training").X("step").Y("loss", log: true)</code></example>
public sealed record Figure
{
    /// <summary>What is drawn, in order.</summary>
    public ImmutableList<Trace> Traces { get; init; } = [];

    /// <summary>Titles, axes and size.</summary>
    public ChartLayout Layout { get; init; } = new();

    /// <summary>Both figures' traces in the first one's layout.</summary>
    public static Figure operator +(Figure left, Figure right) => left.Add(right);

    /// <summary>With one more trace.</summary>
    public Figure Add(Trace trace) => this with { Traces = Traces.Add(trace) };

    /// <summary>With the other figure's traces, annotations and marks too.</summary>
    public Figure Add(Figure other) => this with
    {
        Traces = Traces.AddRange(other.Traces),
        Layout = Layout with
        {
            Annotations = Layout.Annotations.AddRange(other.Layout.Annotations),
            Marks = Layout.Marks.AddRange(other.Layout.Marks),
        },
    };

    /// <summary>With a heading.</summary>
    public Figure Title(string? title) => this with { Layout = Layout with { Title = title } };

    /// <summary>With the horizontal axis so; what is null stays as it is.</summary>
    /// <param name="title">What it measures.</param>
    /// <param name="log">Whether it is logarithmic.</param>
    /// <param name="unit">A unit for its ticks, with SI prefixes.</param>
    /// <param name="minimum">Where it starts.</param>
    /// <param name="maximum">Where it ends.</param>
    public Figure X(string? title = null, bool? log = null, string? unit = null, double? minimum = null, double? maximum = null) =>
        this with { Layout = Layout with { X = Change(Layout.X, title, log, unit, minimum, maximum) } };

    /// <summary>With the vertical axis so; what is null stays as it is.</summary>
    /// <param name="title">What it measures.</param>
    /// <param name="log">Whether it is logarithmic.</param>
    /// <param name="unit">A unit for its ticks, with SI prefixes.</param>
    /// <param name="minimum">Where it starts.</param>
    /// <param name="maximum">Where it ends.</param>
    public Figure Y(string? title = null, bool? log = null, string? unit = null, double? minimum = null, double? maximum = null) =>
        this with { Layout = Layout with { Y = Change(Layout.Y, title, log, unit, minimum, maximum) } };

    /// <summary>With the legend shown or hidden.</summary>
    public Figure Legend(bool show = true) => this with { Layout = Layout with { Legend = show } };

    /// <summary>With bars of several traces on top of each other.</summary>
    public Figure Stacked() => this with { Layout = Layout with { Bars = BarMode.Stacked } };

    /// <summary>With this size in CSS pixels.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not within 160 to 4000 by 120 to 4000.</exception>
    public Figure Size(int width, int height)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 160);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(width, 4000);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 120);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(height, 4000);
        return this with { Layout = Layout with { Width = width, Height = height } };
    }

    /// <summary>With a short text at a point of the plot.</summary>
    public Figure Annotate(double x, double y, string text) =>
        this with { Layout = Layout with { Annotations = Layout.Annotations.Add(new ChartAnnotation(x, y, text)) } };

    /// <summary>With a line across the plot at a value of the vertical axis.</summary>
    public Figure MarkY(double value, string? label = null) =>
        this with { Layout = Layout with { Marks = Layout.Marks.Add(new ChartMark(value, false, label)) } };

    /// <summary>With a line across the plot at a value of the horizontal axis.</summary>
    public Figure MarkX(double value, string? label = null) =>
        this with { Layout = Layout with { Marks = Layout.Marks.Add(new ChartMark(value, true, label)) } };

    /// <summary>The figure as plotly.js takes it: <c>{"data": […], "layout": {…}}</c>.</summary>
    public string ToJson() => PlotlyJson.Write(this);

    /// <summary>The figure as one static SVG picture, readable on light and dark pages.</summary>
    public string ToSvg() => SvgChart.Write(this);

    /// <summary>A compact summary in plain text.</summary>
    public override string ToString() => FigureText.Write(this);

    private static ChartAxis Change(ChartAxis axis, string? title, bool? log, string? unit, double? minimum, double? maximum) => axis with
    {
        Title = title ?? axis.Title,
        Log = log ?? axis.Log,
        Unit = unit ?? axis.Unit,
        Minimum = minimum ?? axis.Minimum,
        Maximum = maximum ?? axis.Maximum,
    };
}
