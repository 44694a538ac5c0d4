namespace TensorCell.Interactive;

/// <summary>Classes of a plane: one small picture, stretched.</summary>
internal sealed class SvgRegions(RegionTrace trace, string[] colors) : SvgTrace
{
    public override void Include(SvgAxis x, SvgAxis y)
    {
        x.Include(trace.X.Minimum);
        x.Include(trace.X.Maximum);
        y.Include(trace.Y.Minimum);
        y.Include(trace.Y.Maximum);
    }

    public override void Draw(SvgWriter svg, SvgAxis x, SvgAxis y)
    {
        if (trace.Rows == 0 || trace.Columns == 0)
        {
            return;
        }

        var channels = Array.ConvertAll(colors, color => Convert.FromHexString(color.AsSpan(1)));
        var pixels = new byte[trace.Rows * trace.Columns * 4];
        for (var cell = 0; cell < trace.Rows * trace.Columns; cell++)
        {
            if ((uint)trace.Classes[cell] >= (uint)channels.Length)
            {
                continue;
            }

            // Pictures begin at the top.
            var start = (((trace.Rows - 1 - (cell / trace.Columns)) * trace.Columns) + (cell % trace.Columns)) * 4;
            channels[trace.Classes[cell]].CopyTo(pixels, start);
            pixels[start + 3] = (byte)Math.Round(255 * trace.Opacity(cell));
        }

        var (left, right) = Edges(x, trace.X);
        var (top, bottom) = Edges(y, trace.Y);
        svg.Raw(
            $"<image x=\"{SvgWriter.Number(left)}\" y=\"{SvgWriter.Number(top)}\" width=\"{SvgWriter.Number(right - left)}\" height=\"{SvgWriter.Number(bottom - top)}\" " +
            $"preserveAspectRatio=\"none\" href=\"data:image/png;base64,{Convert.ToBase64String(PngImage.Encode(pixels, trace.Columns, trace.Rows))}\"/>");
    }

    private static (double Low, double High) Edges(SvgAxis axis, (double Minimum, double Maximum) range)
    {
        var (from, to) = (axis.Map(range.Minimum), axis.Map(range.Maximum));
        return (Math.Min(from, to), Math.Max(from, to));
    }
}
