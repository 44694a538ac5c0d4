namespace TensorCell.Interactive;

/// <summary>The rectangle the data is drawn in, and the axes around it.</summary>
internal sealed record SvgFrame(double Left, double Top, double Width, double Height)
{
    private const double LongestLabel = 190;
    private const double LongestSlantedLabel = 110;

    private List<Tick> XTicks { get; init; } = [];

    private List<Tick> YTicks { get; init; } = [];

    private bool IsSlanted { get; init; }

    /// <summary>Finds the largest rectangle that leaves room for labels, and lays the axes over it.</summary>
    public static SvgFrame Fit(ChartLayout layout, SvgAxis x, SvgAxis y, double top, double right)
    {
        double height = layout.Height - top - 34 - (layout.X.Title is null ? 0 : 20);
        var yTicks = y.Ticks(Math.Max(2, (int)(height / 46)));
        var labels = yTicks.Select(tick => SvgWriter.WidthOf(tick.Label, SvgStyle.TickSize)).DefaultIfEmpty(0).Max();
        var left = 18 + Math.Min(labels, Math.Min(LongestLabel, layout.Width / 3.0)) + (layout.Y.Title is null ? 0 : 22);
        var width = layout.Width - left - 20 - right;
        var xTicks = x.Ticks(Math.Max(2, (int)(width / 92)));
        var room = xTicks.Count == 0 ? width : width / xTicks.Count;
        var widest = xTicks.Select(tick => SvgWriter.WidthOf(tick.Label, SvgStyle.TickSize)).DefaultIfEmpty(0).Max();
        var slanted = x.IsCategorical && widest > room - 6;
        if (slanted)
        {
            var length = Math.Min(widest, LongestSlantedLabel);
            height -= length * 0.64;
            var overhang = Math.Max(0, (length * 0.79) + 8 - (room / 2) - left);
            left += overhang;
            width -= overhang;
        }
        else if (!x.IsCategorical)
        {
            width -= Math.Max(0, (widest / 2) - 26);
        }

        var frame = new SvgFrame(left, top, Math.Max(width, 20), Math.Max(height, 20))
        {
            XTicks = xTicks,
            YTicks = yTicks,
            IsSlanted = slanted,
        };
        x.Lay(frame.Left, frame.Left + frame.Width);
        y.Lay(frame.Top + frame.Height, frame.Top);
        return frame;
    }

    /// <summary>Writes grid, labels and titles.</summary>
    public void WriteAxes(SvgWriter svg, ChartLayout layout, SvgAxis x, SvgAxis y, bool tight)
    {
        double bottom = Top + Height, right = Left + Width;
        foreach (var tick in YTicks)
        {
            var place = y.Map(tick.Value);
            if (!tight && !y.IsCategorical)
            {
                svg.Line(Left, place, right, place, "class=\"grid\"");
            }

            var label = SvgWriter.Fit(tick.Label, SvgStyle.TickSize, Math.Min(LongestLabel, layout.Width / 3.0));
            svg.Text(Left - 8, place + 4, label, "class=\"soft\" font-size=\"11.5\" text-anchor=\"end\"");
        }

        foreach (var tick in XTicks)
        {
            var place = x.Map(tick.Value);
            if (!tight && !x.IsCategorical)
            {
                svg.Line(place, Top, place, bottom, "class=\"grid\"");
            }

            if (IsSlanted)
            {
                var slanted = SvgWriter.Fit(tick.Label, SvgStyle.TickSize, LongestSlantedLabel);
                svg.Text(place + 4, bottom + 14, slanted, $"class=\"soft\" font-size=\"11.5\" text-anchor=\"end\" transform=\"rotate(-38 {SvgWriter.Number(place + 4)} {SvgWriter.Number(bottom + 14)})\"");
            }
            else
            {
                svg.Text(place, bottom + 18, tick.Label, "class=\"soft\" font-size=\"11.5\" text-anchor=\"middle\"");
            }
        }

        if (!tight)
        {
            var horizontalBase = y.IsCategorical || y.Log ? bottom : Math.Clamp(y.Base, Top, bottom);
            svg.Line(Left, horizontalBase, right, horizontalBase, "class=\"axis\"");
            if (y.IsCategorical)
            {
                svg.Line(Left, Top, Left, bottom, "class=\"axis\"");
            }
        }

        if (layout.X.Title is { } xTitle)
        {
            svg.Text(Left + (Width / 2), layout.Height - 12, SvgWriter.Fit(xTitle, SvgStyle.LabelSize, Width), "class=\"ink\" font-size=\"12.5\" text-anchor=\"middle\"");
        }

        if (layout.Y.Title is { } yTitle)
        {
            var middle = SvgWriter.Number(Top + (Height / 2));
            svg.Raw($"<text class=\"ink\" font-size=\"12.5\" text-anchor=\"middle\" transform=\"translate(20 {middle}) rotate(-90)\">{SvgWriter.Encode(SvgWriter.Fit(yTitle, SvgStyle.LabelSize, Height))}</text>");
        }
    }

    /// <summary>Writes the lines across the plot.</summary>
    public void WriteMarks(SvgWriter svg, ChartLayout layout, SvgAxis x, SvgAxis y)
    {
        foreach (var mark in layout.Marks.Where(mark => (mark.Vertical ? x : y).Shows(mark.Value)))
        {
            var place = (mark.Vertical ? x : y).Map(mark.Value);
            if (mark.Vertical)
            {
                svg.Line(place, Top, place, Top + Height, "class=\"mark\" stroke-width=\"1.5\"");
                svg.Text(place + 5, Top + 13, mark.Label ?? "", "class=\"soft halo\" font-size=\"11.5\"");
            }
            else
            {
                svg.Line(Left, place, Left + Width, place, "class=\"mark\" stroke-width=\"1.5\"");
                svg.Text(Left + Width - 5, place - 5, mark.Label ?? "", "class=\"soft halo\" font-size=\"11.5\" text-anchor=\"end\"");
            }
        }
    }
}
