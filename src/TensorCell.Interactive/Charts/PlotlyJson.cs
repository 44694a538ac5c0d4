using System.Globalization;
using System.Text;
using System.Text.Json;

namespace TensorCell.Interactive;

/// <summary>
/// Writes a figure as plotly.js takes it. Bins and quartiles are computed here, so that the interactive chart shows what the
/// static one does and a large sample stays small; text is escaped, since Plotly reads a little HTML in it.
/// </summary>
internal static class PlotlyJson
{
    private const int MostViolinValues = 2000;

    public static string Write(Figure figure)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteStartArray("data");
            for (var i = 0; i < figure.Traces.Count; i++)
            {
                WriteTrace(json, figure, figure.Traces[i], i);
            }

            foreach (var map in figure.Traces.OfType<HeatmapTrace>())
            {
                PlotlyHeatmap.WriteOffScale(json, map);
            }

            if (figure.Traces.Where(trace => trace is BarTrace).ToArray() is [BarTrace { Labels: not null } only])
            {
                WriteBarLabels(json, only);
            }

            json.WriteEndArray();
            json.WritePropertyName("layout");
            PlotlyLayout.Write(json, figure);
            json.WriteStartObject("config");
            json.WriteBoolean("responsive", true);
            json.WriteBoolean("displaylogo", false);

            // Data stays in the notebook: the button that would send it to a server is left out, and the server's name too.
            json.WriteString("plotlyServerURL", "");
            json.WriteBoolean("showSendToCloud", false);
            json.WriteStartArray("modeBarButtonsToRemove");
            json.WriteStringValue("sendChartToCloud");
            json.WriteStringValue("select2d");
            json.WriteStringValue("lasso2d");
            json.WriteEndArray();
            json.WriteEndObject();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.GetBuffer().AsSpan(0, (int)buffer.Length));
    }

    /// <summary>Text that Plotly shows as it is, tags and all.</summary>
    internal static string Escape(string text) =>
        text.Replace("&", "&amp;").Replace("<", "&lt;").Replace(">", "&gt;").Replace("\n", "<br>");

    /// <summary>Writes a number; null for one that JSON has no word for.</summary>
    internal static void Number(Utf8JsonWriter json, double value)
    {
        if (double.IsFinite(value))
        {
            json.WriteNumberValue(value);
        }
        else
        {
            json.WriteNullValue();
        }
    }

    private static void WriteTrace(Utf8JsonWriter json, Figure figure, Trace trace, int index)
    {
        var color = Palette.Of(trace, index);
        json.WriteStartObject();
        if (trace.Name is { } name)
        {
            json.WriteString("name", Escape(name));
        }

        json.WriteBoolean("showlegend", trace.Name is not null && FigureLegend.Shows(figure));
        switch (trace)
        {
            case BarTrace bar:
                WriteBar(json, bar, color, figure.Traces.Count(other => other is BarTrace) == 1);
                break;
            case ScatterTrace scatter:
                WriteScatter(json, figure, scatter, color);
                break;
            case BoxTrace box:
                WriteBox(json, box, color);
                break;
            case ViolinTrace violin:
                WriteViolin(json, violin, color);
                break;
            case HistogramTrace histogram:
                WriteHistogram(json, histogram, color);
                break;
            case HeatmapTrace map:
                PlotlyHeatmap.Write(json, map);
                break;
            case SpanTrace spans:
                WriteSpans(json, spans, color);
                break;
            case RegionTrace regions:
                WriteRegions(json, figure, regions);
                break;
        }

        json.WriteEndObject();
    }

    private static void WriteBar(Utf8JsonWriter json, BarTrace bar, string color, bool isAlone)
    {
        json.WriteString("type", "bar");
        json.WriteString("orientation", bar.Horizontal ? "h" : "v");
        Values(json, bar.Horizontal ? "y" : "x", bar.Categories);
        Values(json, bar.Horizontal ? "x" : "y", bar.Values);
        WriteErrors(json, bar.Horizontal ? "error_x" : "error_y", bar.Errors, bar.ErrorsBelow);
        if (bar.Labels is { } labels && !isAlone)
        {
            Values(json, "text", labels);
            json.WriteString("textposition", bar.Errors is null ? "outside" : "inside");
            json.WriteBoolean("cliponaxis", false);
        }

        Marker(json, color);
    }

    private static void WriteSpans(Utf8JsonWriter json, SpanTrace spans, string color)
    {
        json.WriteString("type", "bar");
        json.WriteString("orientation", "h");
        Values(json, "y", spans.Rows);
        Values(json, "base", spans.Starts);
        Values(json, "x", spans.Lengths);
        if (spans.Labels is { } labels)
        {
            Values(json, "text", labels);
            json.WriteString("textposition", "none");
            json.WriteString("hoverinfo", "text");
        }

        Marker(json, color);
    }

    // Plotly would draw the labels of bars through their error bars; as points of their own they stand beyond them.
    private static void WriteBarLabels(Utf8JsonWriter json, BarTrace bar)
    {
        var count = Math.Min(bar.Values.Kind == ChartValueKind.Text ? 0 : bar.Values.Count, bar.Categories.Count);
        var ends = new double[count];
        for (var i = 0; i < count; i++)
        {
            var isDown = bar.Values.Numbers[i] < 0;
            var errors = isDown ? bar.ErrorsBelow ?? bar.Errors : bar.Errors;
            var reach = errors is { Kind: ChartValueKind.Number } given && i < given.Count && double.IsFinite(given.Numbers[i]) ? Math.Abs(given.Numbers[i]) : 0;
            ends[i] = bar.Values.Numbers[i] + (isDown ? -reach : reach);
        }

        json.WriteStartObject();
        json.WriteString("type", "scatter");
        json.WriteString("mode", "text");
        json.WriteString("hoverinfo", "skip");
        json.WriteBoolean("showlegend", false);
        json.WriteBoolean("cliponaxis", false);
        json.WriteString("textposition", bar.Horizontal ? "middle right" : "top center");
        Values(json, bar.Horizontal ? "y" : "x", bar.Categories);
        Values(json, bar.Horizontal ? "x" : "y", ChartValues.From(ends));
        json.WriteStartArray("text");
        for (var i = 0; i < Math.Min(count, bar.Labels!.Count); i++)
        {
            var text = Escape(bar.Labels.Text(i));
            json.WriteStringValue(bar.Horizontal ? "\u00a0" + text : text);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteScatter(Utf8JsonWriter json, Figure figure, ScatterTrace given, string color)
    {
        var scatter = Decimation.Of(given);
        json.WriteString("type", "scatter");
        json.WriteString("mode", scatter.Mode switch
        {
            ScatterMode.Lines => "lines",
            ScatterMode.Markers => "markers",
            _ => "lines+markers",
        });
        Values(json, "x", scatter.X);
        Values(json, "y", scatter.Y);
        WriteErrors(json, "error_y", scatter.Errors, null);
        if (scatter.Labels is { } labels)
        {
            Values(json, "text", labels);
        }

        if (scatter.Filled)
        {
            json.WriteString("fill", "tozeroy");
        }

        if (scatter.Mode != ScatterMode.Markers)
        {
            json.WriteStartObject("line");
            json.WriteString("color", color);
            json.WriteNumber("width", 2);
            json.WriteString("dash", scatter.Dashed ? "dash" : "solid");
            json.WriteEndObject();
        }

        if (scatter.Mode != ScatterMode.Lines)
        {
            WriteDots(json, scatter, color);
        }
    }

    private static void WriteDots(Utf8JsonWriter json, ScatterTrace scatter, string color)
    {
        json.WriteStartObject("marker");
        json.WriteNumber("size", 7);
        json.WriteNumber("opacity", scatter.X.Count > 300 ? 0.6 : 0.85);
        if (scatter.ColorValues is { } colors)
        {
            Values(json, "color", colors);
            Scale(json, Palette.Sequential);
            json.WriteBoolean("showscale", true);
        }
        else
        {
            json.WriteString("color", color);
        }

        json.WriteEndObject();
    }

    private static void WriteBox(Utf8JsonWriter json, BoxTrace box, string color)
    {
        json.WriteString("type", "box");
        json.WriteString("orientation", box.Horizontal ? "h" : "v");
        var position = box.Horizontal ? "y" : "x";
        json.WriteStartArray(position);
        json.WriteStringValue(Escape(box.Name ?? " "));
        json.WriteEndArray();
        if (BoxSummary.Of(box.Values.Numbers) is { } summary)
        {
            One("q1", summary.FirstQuartile);
            One("median", summary.Median);
            One("q3", summary.ThirdQuartile);
            One("lowerfence", summary.LowerFence);
            One("upperfence", summary.UpperFence);
            json.WriteStartArray(box.Horizontal ? "x" : "y");
            json.WriteStartArray();
            foreach (var value in box.ShowPoints ? Quantiles.SortedFinite(box.Values.Numbers) : summary.Outliers)
            {
                json.WriteNumberValue(value);
            }

            json.WriteEndArray();
            json.WriteEndArray();
        }

        json.WriteString("boxpoints", "all");
        json.WriteNumber("pointpos", box.ShowPoints ? -1.6 : 0);
        json.WriteNumber("jitter", box.ShowPoints ? 0.4 : 0);
        Marker(json, color);

        void One(string property, double value)
        {
            json.WriteStartArray(property);
            Number(json, value);
            json.WriteEndArray();
        }
    }

    private static void WriteViolin(Utf8JsonWriter json, ViolinTrace violin, string color)
    {
        json.WriteString("type", "violin");
        json.WriteString("orientation", violin.Horizontal ? "h" : "v");
        json.WriteString(violin.Horizontal ? "y0" : "x0", Escape(violin.Name ?? " "));
        var sorted = Quantiles.SortedFinite(violin.Values.Numbers);
        json.WriteStartArray(violin.Horizontal ? "x" : "y");
        var shown = Math.Min(sorted.Length, MostViolinValues);
        for (var i = 0; i < shown; i++)
        {
            json.WriteNumberValue(shown == sorted.Length ? sorted[i] : Quantiles.At(sorted, i / (shown - 1.0)));
        }

        json.WriteEndArray();
        if (Density.Of(sorted) is [var first, .., var last])
        {
            json.WriteString("spanmode", "manual");
            json.WriteStartArray("span");
            Number(json, first.Value);
            Number(json, last.Value);
            json.WriteEndArray();
        }

        json.WriteString("points", "outliers");
        json.WriteStartObject("box");
        json.WriteBoolean("visible", true);
        json.WriteEndObject();
        json.WriteStartObject("line");
        json.WriteString("color", color);
        json.WriteEndObject();
    }

    private static void WriteHistogram(Utf8JsonWriter json, HistogramTrace histogram, string color)
    {
        var bins = Bins.Of(histogram.Values.Numbers, histogram.Bins);
        json.WriteString("type", "bar");
        json.WriteStartArray("x");
        for (var i = 0; i < bins.Counts.Length; i++)
        {
            Number(json, bins.Start + ((i + 0.5) * bins.Width));
        }

        json.WriteEndArray();
        json.WriteStartArray("y");
        foreach (var count in bins.Counts)
        {
            json.WriteNumberValue(count);
        }

        json.WriteEndArray();
        json.WriteNumber("width", bins.Width);
        json.WriteNumber("opacity", 0.8);
        json.WriteString("hovertemplate", "%{y} near %{x}<extra></extra>");
        Marker(json, color);
    }

    // One scale for all classes: class k has the numbers from k to k + 1, from its palest colour to its fullest.
    private static void WriteRegions(Utf8JsonWriter json, Figure figure, RegionTrace regions)
    {
        const double fullest = 0.999;
        json.WriteString("type", "heatmap");
        json.WriteBoolean("showscale", false);
        Edges(json, "x", regions.X, regions.Columns);
        Edges(json, "y", regions.Y, regions.Rows);
        json.WriteStartArray("z");
        for (var row = 0; row < regions.Rows; row++)
        {
            json.WriteStartArray();
            for (var column = 0; column < regions.Columns; column++)
            {
                var cell = (row * regions.Columns) + column;
                var isKnown = (uint)regions.Classes[cell] < (uint)regions.Names.Count;
                Number(json, isKnown ? Math.Round(regions.Classes[cell] + (fullest * Math.Clamp(regions.Confidence?[cell] ?? 1, 0, 1)), 3) : double.NaN);
            }

            json.WriteEndArray();
        }

        json.WriteEndArray();
        json.WriteNumber("zmin", 0);
        json.WriteNumber("zmax", regions.Names.Count);
        json.WriteStartArray("colorscale");
        var colors = regions.Colors(figure);
        for (var index = 0; index < colors.Length; index++)
        {
            Stop((double)index / colors.Length, colors[index], RegionTrace.Pale);
            Stop(index == colors.Length - 1 ? 1 : (index + fullest) / colors.Length, colors[index], RegionTrace.Full);
        }

        json.WriteEndArray();
        json.WriteString("hoverinfo", "skip");

        void Stop(double place, string color, double opacity)
        {
            var channels = Convert.FromHexString(color.AsSpan(1));
            json.WriteStartArray();
            json.WriteNumberValue(place);
            json.WriteStringValue(string.Create(
                CultureInfo.InvariantCulture, $"rgba({channels[0]},{channels[1]},{channels[2]},{opacity})"));
            json.WriteEndArray();
        }
    }

    private static void Edges(Utf8JsonWriter json, string axis, (double Minimum, double Maximum) range, int count)
    {
        var step = (range.Maximum - range.Minimum) / count;
        json.WritePropertyName(axis + "0");
        Number(json, range.Minimum + (step / 2));
        json.WritePropertyName("d" + axis);
        Number(json, step);
    }

    /// <summary>Writes numbers, dates or texts under a name.</summary>
    internal static void Values(Utf8JsonWriter json, string property, ChartValues values)
    {
        json.WriteStartArray(property);
        for (var i = 0; i < values.Count; i++)
        {
            if (values.Kind == ChartValueKind.Number)
            {
                Number(json, values.Numbers[i]);
            }
            else
            {
                json.WriteStringValue(Escape(values.Text(i)));
            }
        }

        json.WriteEndArray();
    }

    private static void WriteErrors(Utf8JsonWriter json, string property, ChartValues? above, ChartValues? below)
    {
        if (above is null)
        {
            return;
        }

        json.WriteStartObject(property);
        json.WriteString("type", "data");
        json.WriteBoolean("visible", true);
        json.WriteBoolean("symmetric", below is null);
        json.WriteString("color", "#7a8594");
        json.WriteNumber("thickness", 1.5);
        json.WriteNumber("width", 5);
        Values(json, "array", above);
        if (below is not null)
        {
            Values(json, "arrayminus", below);
        }

        json.WriteEndObject();
    }

    private static void Marker(Utf8JsonWriter json, string color)
    {
        json.WriteStartObject("marker");
        json.WriteString("color", color);
        json.WriteEndObject();
    }

    /// <summary>Writes a scale of colours.</summary>
    internal static void Scale(Utf8JsonWriter json, string[] colors)
    {
        json.WriteStartArray("colorscale");
        for (var i = 0; i < colors.Length; i++)
        {
            json.WriteStartArray();
            json.WriteNumberValue(i / (colors.Length - 1.0));
            json.WriteStringValue(colors[i]);
            json.WriteEndArray();
        }

        json.WriteEndArray();
    }
}
