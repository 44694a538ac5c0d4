using System.Text.Json;

namespace TensorCell.Interactive;

/// <summary>Writes a figure's layout as plotly.js takes it.</summary>
internal static class PlotlyLayout
{
    // What Plotly may choose itself after zooming: 1, 2 and 5 of each decade over one or two decades, whole decades over more and
    // even steps over less. With four or more it labels each digit of a decade, and the labels collide.
    private const int MostOwnLogTicks = 3;

    private const int LegendRow = 20;

    public static void Write(Utf8JsonWriter json, Figure figure)
    {
        var layout = figure.Layout;
        json.WriteStartObject();
        if (layout.Title is { } title)
        {
            json.WriteStartObject("title");
            json.WriteString("text", PlotlyJson.Escape(title));
            json.WriteNumber("x", 0.02);
            json.WriteString("xanchor", "left");
            json.WriteStartObject("font");
            json.WriteNumber("size", 16);
            json.WriteNumber("weight", 600);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        var isBelow = figure.Traces.Any(trace => trace is SpanTrace) && FigureLegend.Shows(figure);
        json.WriteNumber("height", layout.Height);
        json.WriteString("paper_bgcolor", "#ffffff");
        json.WriteString("plot_bgcolor", "#ffffff");
        json.WriteString("hovermode", "closest");
        if (figure.Traces.Any(trace => trace is BarTrace or HistogramTrace or SpanTrace))
        {
            json.WriteString("barmode", Bars(figure));
            json.WriteNumber("bargap", figure.Traces.Any(trace => trace is BarTrace) ? 0.35 : figure.Traces.Any(trace => trace is SpanTrace) ? 0.2 : 0.04);
        }

        json.WriteStartObject("font");
        json.WriteString("family", "system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif");
        json.WriteNumber("size", 12);
        json.WriteString("color", "#2b3440");
        json.WriteEndObject();
        json.WriteStartObject("margin");
        json.WriteNumber("l", 60);
        json.WriteNumber("r", 24);
        json.WriteNumber("t", layout.Title is null ? 32 : 56);
        json.WriteNumber("b", 52 + (isBelow ? LegendRow * ((FigureLegend.Entries(figure).Count() / 3) + 1) : 0));
        json.WriteEndObject();
        if (figure.Traces.Any(trace => trace is HeatmapTrace { OffScale: not null }))
        {
            // Above the plot, since the colour bar is beside it.
            json.WriteStartObject("legend");
            json.WriteString("orientation", "h");
            json.WriteNumber("x", 0);
            json.WriteString("xanchor", "left");
            json.WriteNumber("y", 1);
            json.WriteString("yanchor", "bottom");
            json.WriteEndObject();
        }
        else if (isBelow)
        {
            // Rows of time need the whole width.
            json.WriteStartObject("legend");
            json.WriteString("orientation", "h");
            json.WriteString("yref", "container");
            json.WriteNumber("y", 0);
            json.WriteString("yanchor", "bottom");
            json.WriteEndObject();
        }

        Axis(json, "xaxis", figure, layout.X, vertical: false);
        Axis(json, "yaxis", figure, layout.Y, vertical: true);
        Marks(json, layout);
        Annotations(json, layout);
        json.WriteEndObject();
    }

    private static string Bars(Figure figure) =>
        figure.Layout.Bars == BarMode.Stacked ? "stack"
        : figure.Traces.Any(trace => trace is HistogramTrace or SpanTrace) ? "overlay"
        : "group";

    private static void Axis(Utf8JsonWriter json, string name, Figure figure, ChartAxis axis, bool vertical)
    {
        json.WriteStartObject(name);
        if (axis.Title is { } title)
        {
            json.WriteStartObject("title");
            json.WriteString("text", PlotlyJson.Escape(title));
            json.WriteEndObject();
        }

        var kind = FigureAxes.KindOf(figure, vertical);
        json.WriteString("type", kind == ChartValueKind.Text ? "category" : kind == ChartValueKind.Date ? "date" : axis.Log ? "log" : "linear");
        json.WriteBoolean("automargin", true);
        if (kind == ChartValueKind.Text && axis.Categories is { } categories)
        {
            json.WriteString("categoryorder", "array");
            json.WriteStartArray("categoryarray");
            foreach (var category in categories)
            {
                json.WriteStringValue(PlotlyJson.Escape(category));
            }

            json.WriteEndArray();
        }

        json.WriteString("gridcolor", "#e4e8ee");
        json.WriteString("zerolinecolor", "#c3cad4");
        if (axis is { Minimum: { } low, Maximum: { } high } && (!axis.Log || (low > 0 && high > 0)))
        {
            json.WriteStartArray("range");
            PlotlyJson.Number(json, axis.Log ? Math.Log10(axis.Reversed ? high : low) : axis.Reversed ? high : low);
            PlotlyJson.Number(json, axis.Log ? Math.Log10(axis.Reversed ? low : high) : axis.Reversed ? low : high);
            json.WriteEndArray();
        }
        else
        {
            if (FigureAxes.StartsAtZero(figure, vertical) && !axis.Log && kind == ChartValueKind.Number)
            {
                json.WriteString("rangemode", "tozero");
            }

            if (axis.Reversed)
            {
                json.WriteString("autorange", "reversed");
            }
            else if ((axis.Minimum ?? axis.Maximum) is { } end && (!axis.Log || end > 0))
            {
                // One end is given; Plotly finds the other.
                json.WriteStartArray("range");
                PlotlyJson.Number(json, Position(axis.Minimum));
                PlotlyJson.Number(json, Position(axis.Maximum));
                json.WriteEndArray();
            }
        }

        if (axis.Log && kind == ChartValueKind.Number)
        {
            LogTicks(json, figure, vertical);
        }

        if (axis.Unit is { Length: > 0 } unit)
        {
            json.WriteString("ticksuffix", PlotlyJson.Escape(unit));
            if (Ticks.TakesPrefix(unit))
            {
                json.WriteString("tickformat", "~s");
            }
        }

        json.WriteEndObject();

        double Position(double? value) => value is not { } given ? double.NaN : axis.Log ? Math.Log10(given) : given;
    }

    // The static picture's ticks: of a decade's digits, Plotly's own labels leave out the unit.
    private static void LogTicks(Utf8JsonWriter json, Figure figure, bool vertical)
    {
        var (x, y) = SvgAxes.Of(figure, SvgTraces.Prepare(figure));
        var ticks = vertical ? y.Ticks(Math.Max(2, (figure.Layout.Height - 108) / 46)) : x.Ticks(Math.Max(2, (figure.Layout.Width - 110) / 92));
        json.WriteString("tickmode", "array");
        json.WriteStartArray("tickvals");
        foreach (var tick in ticks)
        {
            PlotlyJson.Number(json, tick.Value);
        }

        json.WriteEndArray();
        json.WriteStartArray("ticktext");
        foreach (var tick in ticks)
        {
            json.WriteStringValue(PlotlyJson.Escape(tick.Label));
        }

        json.WriteEndArray();
        json.WriteNumber("nticks", MostOwnLogTicks);
    }

    private static void Marks(Utf8JsonWriter json, ChartLayout layout)
    {
        json.WriteStartArray("shapes");
        foreach (var mark in layout.Marks.Where(mark => double.IsFinite(mark.Value)))
        {
            json.WriteStartObject();
            json.WriteString("type", "line");
            json.WriteString("xref", mark.Vertical ? "x" : "paper");
            json.WriteString("yref", mark.Vertical ? "paper" : "y");
            json.WriteNumber("x0", mark.Vertical ? mark.Value : 0);
            json.WriteNumber("x1", mark.Vertical ? mark.Value : 1);
            json.WriteNumber("y0", mark.Vertical ? 0 : mark.Value);
            json.WriteNumber("y1", mark.Vertical ? 1 : mark.Value);
            json.WriteStartObject("line");
            json.WriteString("dash", "dash");
            json.WriteNumber("width", 1.5);
            json.WriteString("color", "#7a8594");
            json.WriteEndObject();
            if (mark.Label is { } label)
            {
                json.WriteStartObject("label");
                json.WriteString("text", PlotlyJson.Escape(label));
                json.WriteString("textposition", "end");
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void Annotations(Utf8JsonWriter json, ChartLayout layout)
    {
        json.WriteStartArray("annotations");
        foreach (var annotation in layout.Annotations)
        {
            var x = layout.X.Log ? Math.Log10(annotation.X) : annotation.X;
            var y = layout.Y.Log ? Math.Log10(annotation.Y) : annotation.Y;
            if (!double.IsFinite(x) || !double.IsFinite(y))
            {
                continue;
            }

            json.WriteStartObject();
            json.WriteNumber("x", x);
            json.WriteNumber("y", y);
            json.WriteString("text", PlotlyJson.Escape(annotation.Text));
            json.WriteBoolean("showarrow", false);
            json.WriteString("yanchor", "bottom");
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
