namespace TensorCell.Interactive;

/// <summary>Points, as dots, a line or both.</summary>
internal sealed class SvgScatter : SvgTrace
{
    private const int MostDots = 3000;
    private readonly ScatterTrace trace;
    private readonly string color;
    private readonly ColorScale? scale;
    private readonly List<(double X, double Y, double Error, int Index)> points = [];

    public SvgScatter(ScatterTrace trace, string color)
    {
        this.trace = Decimation.Of(trace);
        this.color = color;
        scale = this.trace.ColorValues is { Kind: ChartValueKind.Number } colors ? ColorScale.Of(colors.Numbers, diverging: false) : null;
    }

    public override ColorScale? ColorScale => scale;

    public override void Include(SvgAxis x, SvgAxis y)
    {
        for (var i = 0; i < Math.Min(trace.X.Count, trace.Y.Count); i++)
        {
            var (px, py) = (x.Place(trace.X, i), y.Place(trace.Y, i));
            var error = trace.Errors is { Kind: ChartValueKind.Number } errors && i < errors.Count && double.IsFinite(errors.Numbers[i]) ? Math.Abs(errors.Numbers[i]) : 0;
            points.Add((px, py, error, i));
            if (double.IsFinite(px) && double.IsFinite(py))
            {
                x.Include(px);
                y.Include(py);
                y.Include(py + error);
                y.Include(py - error);
            }
        }
    }

    public override void Draw(SvgWriter svg, SvgAxis x, SvgAxis y)
    {
        if (trace.Filled)
        {
            DrawFill(svg, x, y);
        }

        DrawErrors(svg, x, y);
        if (trace.Mode != ScatterMode.Markers)
        {
            DrawLine(svg, x, y);
        }

        if (trace.Mode != ScatterMode.Lines || IsLonely())
        {
            DrawDots(svg, x, y);
        }
    }

    // A line of one point would be invisible.
    private bool IsLonely() => points.Count(point => double.IsFinite(point.X) && double.IsFinite(point.Y)) == 1;

    private void DrawLine(SvgWriter svg, SvgAxis x, SvgAxis y)
    {
        var dash = trace.Dashed ? " stroke-dasharray=\"7 5\"" : "";
        var attributes = $"fill=\"none\" stroke=\"{color}\" stroke-width=\"2\" stroke-linejoin=\"round\" stroke-linecap=\"round\"{dash}";
        foreach (var run in Runs(x, y))
        {
            svg.Path(run, closed: false, attributes);
        }
    }

    private void DrawFill(SvgWriter svg, SvgAxis x, SvgAxis y)
    {
        foreach (var run in Runs(x, y).Where(run => run.Count > 1))
        {
            svg.Path([(run[0].X, y.Base), .. run, (run[^1].X, y.Base)], closed: true, $"fill=\"{color}\" fill-opacity=\"0.18\"");
        }
    }

    private void DrawErrors(SvgWriter svg, SvgAxis x, SvgAxis y)
    {
        foreach (var point in points.Where(point => point.Error > 0))
        {
            var (place, high) = (x.Map(point.X), y.Map(point.Y + point.Error));
            var low = y.Log && point.Y - point.Error <= 0 ? y.Start : y.Map(point.Y - point.Error);
            if (double.IsFinite(place) && double.IsFinite(high) && double.IsFinite(low))
            {
                svg.Line(place, low, place, high, $"stroke=\"{color}\" stroke-width=\"1.4\"");
                svg.Line(place - 4, low, place + 4, low, $"stroke=\"{color}\" stroke-width=\"1.4\"");
                svg.Line(place - 4, high, place + 4, high, $"stroke=\"{color}\" stroke-width=\"1.4\"");
            }
        }
    }

    private void DrawDots(SvgWriter svg, SvgAxis x, SvgAxis y)
    {
        var stride = Math.Max(1, (points.Count + MostDots - 1) / MostDots);
        var (radius, opacity) = points.Count switch
        {
            > 1000 => ("2", "0.5"),
            > 200 => ("2.8", "0.65"),
            _ => ("4", "0.85"),
        };
        svg.Raw($"<g class=\"dot\" fill=\"{color}\" fill-opacity=\"{opacity}\">");
        for (var i = 0; i < points.Count; i += stride)
        {
            var (px, py) = (x.Map(points[i].X), y.Map(points[i].Y));
            if (double.IsFinite(px) && double.IsFinite(py))
            {
                var own = scale is not null && trace.ColorValues is { } colors && points[i].Index < colors.Count
                    ? $" fill=\"{scale.At(colors.Numbers[points[i].Index])}\""
                    : "";
                svg.Raw($"<circle cx=\"{SvgWriter.Number(px)}\" cy=\"{SvgWriter.Number(py)}\" r=\"{radius}\"{own}/>");
            }
        }

        svg.Raw("</g>");
    }

    /// <summary>The stretches of the line without gaps.</summary>
    private List<List<(double X, double Y)>> Runs(SvgAxis x, SvgAxis y)
    {
        var runs = new List<List<(double X, double Y)>> { new() };
        foreach (var point in points)
        {
            var (px, py) = (x.Map(point.X), y.Map(point.Y));
            if (double.IsFinite(px) && double.IsFinite(py) && double.IsFinite(point.X) && double.IsFinite(point.Y))
            {
                runs[^1].Add((px, py));
            }
            else if (runs[^1].Count > 0)
            {
                runs.Add([]);
            }
        }

        return runs;
    }
}
