namespace TensorCell.Interactive;

/// <summary>All bar traces of a figure, side by side or stacked in each category.</summary>
internal sealed class SvgBars((BarTrace Trace, string Color)[] traces, bool stacked) : SvgTrace
{
    private readonly List<Bar> bars = [];
    private double spacing = 1;

    public override void Include(SvgAxis x, SvgAxis y)
    {
        var above = new Dictionary<double, double>();
        var below = new Dictionary<double, double>();
        for (var group = 0; group < traces.Length; group++)
        {
            var (trace, color) = traces[group];
            var (categoryAxis, valueAxis) = trace.Horizontal ? (y, x) : (x, y);
            var count = Math.Min(trace.Categories.Count, trace.Values.Kind == ChartValueKind.Text ? 0 : trace.Values.Count);
            for (var i = 0; i < count; i++)
            {
                var place = categoryAxis.Place(trace.Categories, i);
                var value = trace.Values.Numbers[i];
                if (!double.IsFinite(place) || !double.IsFinite(value))
                {
                    continue;
                }

                double from = 0;
                if (stacked)
                {
                    var sums = value < 0 ? below : above;
                    from = sums.GetValueOrDefault(place);
                    sums[place] = from + value;
                }

                var up = ErrorAt(trace.Errors, i);
                var down = trace.ErrorsBelow is null ? up : ErrorAt(trace.ErrorsBelow, i);
                var label = trace.Labels is { } labels && i < labels.Count ? labels.Text(i) : null;
                bars.Add(new Bar(trace.Horizontal, group, place, from, from + value, up, down, label, color));
                valueAxis.Include(from);
                valueAxis.Include(from + value);
                valueAxis.Include(from + value + up);
                valueAxis.Include(from + value - down);
            }
        }

        spacing = Spacing(bars);
        foreach (var bar in bars)
        {
            var axis = bar.Horizontal ? y : x;
            if (!axis.Log)
            {
                axis.Include(bar.Place - (spacing / 2));
                axis.Include(bar.Place + (spacing / 2));
            }
        }
    }

    public override void Draw(SvgWriter svg, SvgAxis x, SvgAxis y)
    {
        foreach (var bar in bars)
        {
            var (categoryAxis, valueAxis) = bar.Horizontal ? (y, x) : (x, y);
            var (start, breadth) = Band(bar, categoryAxis);
            var first = bar.From == 0 ? valueAxis.Base : valueAxis.Map(bar.From);
            var last = valueAxis.Map(bar.To);
            if (double.IsNaN(last) || double.IsNaN(start) || double.IsNaN(first))
            {
                continue;
            }

            var length = Math.Abs(last - first);
            var corner = SvgWriter.Number(Math.Min(3, Math.Min(breadth, length) / 3));
            var attributes = $"rx=\"{corner}\" fill=\"{bar.Color}\"";
            if (bar.Horizontal)
            {
                svg.Rectangle(Math.Min(first, last), start, length, breadth, attributes);
            }
            else
            {
                svg.Rectangle(start, Math.Min(first, last), breadth, length, attributes);
            }

            DrawError(svg, bar, valueAxis, start + (breadth / 2), Math.Min(breadth / 3, 7));
        }
    }

    public override void Label(SvgWriter svg, SvgAxis x, SvgAxis y, SvgFrame frame)
    {
        foreach (var bar in bars.Where(bar => bar.Label is { Length: > 0 }))
        {
            var (categoryAxis, valueAxis) = bar.Horizontal ? (y, x) : (x, y);
            var (start, breadth) = Band(bar, categoryAxis);
            var end = bar.To < 0 ? bar.To - bar.Down : bar.To + bar.Up;
            var place = valueAxis.Map(end);
            if (double.IsNaN(place) || double.IsNaN(start))
            {
                continue;
            }

            var middle = start + (breadth / 2);
            if (!bar.Horizontal)
            {
                svg.Text(middle, Math.Max(place - 6, frame.Top - 4), bar.Label!, "class=\"ink halo\" font-size=\"11.5\" text-anchor=\"middle\"");
                continue;
            }

            var room = frame.Left + frame.Width + 14 - (place + 7);
            var fits = SvgWriter.WidthOf(bar.Label!, SvgStyle.TickSize) <= room;
            svg.Text(
                fits ? place + 7 : place - 7,
                middle + 4,
                bar.Label!,
                $"class=\"ink halo\" font-size=\"11.5\" text-anchor=\"{(fits ? "start" : "end")}\"");
        }
    }

    private static double ErrorAt(ChartValues? errors, int index) =>
        errors is { Kind: ChartValueKind.Number } && index < errors.Count && double.IsFinite(errors.Numbers[index])
            ? Math.Abs(errors.Numbers[index])
            : 0;

    private static double Spacing(List<Bar> bars)
    {
        var places = bars.Select(bar => bar.Place).Distinct().Order().ToArray();
        var least = double.PositiveInfinity;
        for (var i = 1; i < places.Length; i++)
        {
            least = Math.Min(least, places[i] - places[i - 1]);
        }

        return double.IsFinite(least) && least > 0 ? least : 1;
    }

    private static void DrawError(SvgWriter svg, Bar bar, SvgAxis axis, double middle, double reach)
    {
        if (!(bar.Up > 0 || bar.Down > 0))
        {
            return;
        }

        var high = axis.Map(bar.To + bar.Up);
        var low = axis.Log && bar.To - bar.Down <= 0 ? axis.Start : axis.Map(bar.To - bar.Down);
        const string Attributes = "class=\"rule\" stroke-width=\"1.5\"";
        foreach (var end in (ReadOnlySpan<double>)[low, high])
        {
            if (bar.Horizontal)
            {
                svg.Line(end, middle - reach, end, middle + reach, Attributes);
            }
            else
            {
                svg.Line(middle - reach, end, middle + reach, end, Attributes);
            }
        }

        if (bar.Horizontal)
        {
            svg.Line(low, middle, high, middle, Attributes);
        }
        else
        {
            svg.Line(middle, low, middle, high, Attributes);
        }
    }

    private (double Start, double Breadth) Band(Bar bar, SvgAxis axis)
    {
        var whole = axis.Log ? 24 : Math.Min(axis.Scale * spacing * 0.74, 96 * (stacked ? 1 : traces.Length));
        var share = stacked ? whole : whole / traces.Length;
        var start = axis.Map(bar.Place) - (whole / 2) + (stacked ? 0 : share * bar.Group);
        return (start, Math.Max(share - (stacked || traces.Length == 1 ? 0 : 1), 0.5));
    }

    private sealed record Bar(
        bool Horizontal, int Group, double Place, double From, double To, double Up, double Down, string? Label, string Color);
}
