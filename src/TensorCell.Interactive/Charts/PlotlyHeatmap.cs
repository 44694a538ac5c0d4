using System.Text.Json;

namespace TensorCell.Interactive;

/// <summary>Writes heat maps as plotly.js takes them.</summary>
internal static class PlotlyHeatmap
{
    /// <summary>Writes what stands inside a trace's braces.</summary>
    public static void Write(Utf8JsonWriter json, HeatmapTrace given)
    {
        var map = Decimation.Of(given);
        WriteCells(json, map, value => value);
        PlotlyJson.Scale(json, map.Diverging ? Palette.Diverging : Palette.Sequential);
        if (map.Diverging)
        {
            json.WriteNumber("zmid", 0);
        }
    }

    /// <summary>Writes a trace of the cells that no colour stands for, if there are any: one that fills what the map leaves open.</summary>
    public static void WriteOffScale(Utf8JsonWriter json, HeatmapTrace given)
    {
        var map = Decimation.Of(given);
        if (map.OffScale is not { } name)
        {
            return;
        }

        json.WriteStartObject();
        WriteCells(json, map, value => double.IsFinite(value) ? double.NaN : 0);
        PlotlyJson.Scale(json, [Palette.OffScale, Palette.OffScale]);
        json.WriteBoolean("showscale", false);
        json.WriteBoolean("showlegend", true);
        json.WriteString("name", name);
        json.WriteString("hovertemplate", "row %{y}, column %{x}: no number<extra></extra>");
        json.WriteEndObject();
    }

    private static void WriteCells(Utf8JsonWriter json, HeatmapTrace map, Func<double, double> show)
    {
        json.WriteString("type", "heatmap");
        var values = map.Values.Numbers;
        json.WriteStartArray("z");
        for (var row = 0; row < map.Rows; row++)
        {
            json.WriteStartArray();
            for (var column = 0; column < map.Columns; column++)
            {
                PlotlyJson.Number(json, show(values[(row * map.Columns) + column]));
            }

            json.WriteEndArray();
        }

        json.WriteEndArray();
        if (map.X is { } x)
        {
            PlotlyJson.Values(json, "x", x);
        }
        else
        {
            json.WriteNumber("x0", (map.ColumnStride - 1) / 2);
            json.WriteNumber("dx", map.ColumnStride);
        }

        if (map.Y is { } y)
        {
            PlotlyJson.Values(json, "y", y);
        }
        else
        {
            json.WriteNumber("y0", (map.RowStride - 1) / 2);
            json.WriteNumber("dy", map.RowStride);
        }
    }
}
