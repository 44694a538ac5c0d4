using System.Globalization;

namespace TensorCell.Interactive;

/// <summary>A matrix as coloured cells: one small picture, stretched, with the numbers in the cells when they are few.</summary>
internal sealed class SvgHeatmap : SvgTrace
{
    private const int MostNumbered = 15;
    private readonly HeatmapTrace trace;
    private readonly ColorScale scale;

    public SvgHeatmap(HeatmapTrace trace)
    {
        this.trace = Decimation.Of(trace);
        scale = ColorScale.Of(this.trace.Values.Numbers, trace.Diverging) with { OffScale = this.trace.OffScale };
    }

    public override ColorScale? ColorScale => scale;

    public override void Include(SvgAxis x, SvgAxis y)
    {
        Include(x, trace.X, trace.Columns, trace.ColumnStride);
        Include(y, trace.Y, trace.Rows, trace.RowStride);
    }

    public override void Draw(SvgWriter svg, SvgAxis x, SvgAxis y)
    {
        if (trace.Rows == 0 || trace.Columns == 0)
        {
            return;
        }

        var pixels = new byte[trace.Rows * trace.Columns * 4];
        for (var row = 0; row < trace.Rows; row++)
        {
            for (var column = 0; column < trace.Columns; column++)
            {
                Paint(pixels, row, column);
            }
        }

        var (x1, x2, y1, y2) = (Math.Min(x.Start, x.End), Math.Max(x.Start, x.End), Math.Min(y.Start, y.End), Math.Max(y.Start, y.End));
        if (scale.OffScale is not null)
        {
            // The picture is transparent there.
            SvgColorBar.Hatch(svg, x1, y1, x2 - x1, y2 - y1);
        }

        var picture = Convert.ToBase64String(PngImage.Encode(pixels, trace.Columns, trace.Rows));
        svg.Raw(
            $"<image x=\"{SvgWriter.Number(x1)}\" y=\"{SvgWriter.Number(y1)}\" width=\"{SvgWriter.Number(x2 - x1)}\" height=\"{SvgWriter.Number(y2 - y1)}\" " +
            $"preserveAspectRatio=\"none\" style=\"image-rendering:pixelated\" href=\"data:image/png;base64,{picture}\"/>");
    }

    public override void Label(SvgWriter svg, SvgAxis x, SvgAxis y, SvgFrame frame)
    {
        if (trace.Rows > MostNumbered || trace.Columns > MostNumbered || frame.Width / Math.Max(trace.Columns, 1) < 34)
        {
            return;
        }

        for (var row = 0; row < trace.Rows; row++)
        {
            for (var column = 0; column < trace.Columns; column++)
            {
                var value = trace.Values.Numbers[(row * trace.Columns) + column];
                if (double.IsFinite(value))
                {
                    var ink = IsLight(scale.At(value)) ? "#1f2733" : "#ffffff";
                    svg.Text(
                        frame.Left + (frame.Width * (column + 0.5) / trace.Columns),
                        frame.Top + (frame.Height * ((y.Start > y.End ? trace.Rows - row - 1 : row) + 0.5) / trace.Rows) + 4,
                        value.ToString("G3", CultureInfo.InvariantCulture),
                        $"fill=\"{ink}\" font-size=\"11\" text-anchor=\"middle\"");
                }
            }
        }
    }

    private static void Include(SvgAxis axis, ChartValues? names, int count, double stride)
    {
        if (!axis.IsCategorical)
        {
            axis.Include(-0.5);
            axis.Include((count * stride) - 0.5);
            return;
        }

        for (var i = 0; i < count; i++)
        {
            axis.PlaceOf(names?.Text(i) ?? i.ToString(CultureInfo.InvariantCulture));
        }
    }

    private static bool IsLight(string color)
    {
        int Channel(int start) => Convert.ToInt32(color.Substring(start, 2), 16);
        return (0.299 * Channel(1)) + (0.587 * Channel(3)) + (0.114 * Channel(5)) > 140;
    }

    private void Paint(byte[] pixels, int row, int column)
    {
        var value = trace.Values.Numbers[(row * trace.Columns) + column];
        if (!double.IsFinite(value))
        {
            return;
        }

        var color = scale.At(value);
        var start = ((row * trace.Columns) + column) * 4;
        for (var channel = 0; channel < 3; channel++)
        {
            pixels[start + channel] = Convert.ToByte(color.Substring(1 + (2 * channel), 2), 16);
        }

        pixels[start + 3] = 255;
    }
}
