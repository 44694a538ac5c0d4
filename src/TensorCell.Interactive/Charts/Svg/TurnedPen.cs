namespace TensorCell.Interactive;

/// <summary>Draws across or along, so that a shape is described once for both orientations.</summary>
internal readonly struct TurnedPen(SvgWriter svg, bool turned)
{
    public void Line(double across1, double along1, double across2, double along2, string attributes)
    {
        if (turned)
        {
            svg.Line(along1, across1, along2, across2, attributes);
        }
        else
        {
            svg.Line(across1, along1, across2, along2, attributes);
        }
    }

    public void Rectangle(double across1, double along1, double across2, double along2, string attributes)
    {
        var (x1, y1, x2, y2) = turned ? (along1, across1, along2, across2) : (across1, along1, across2, along2);
        svg.Rectangle(Math.Min(x1, x2), Math.Min(y1, y2), Math.Abs(x2 - x1), Math.Abs(y2 - y1), attributes);
    }

    public void Circle(double across, double along, double radius, string attributes)
    {
        if (turned)
        {
            svg.Circle(along, across, radius, attributes);
        }
        else
        {
            svg.Circle(across, along, radius, attributes);
        }
    }

    public void Path(IEnumerable<(double Across, double Along)> points, bool closed, string attributes)
    {
        var swap = turned;
        svg.Path(points.Select(point => swap ? (point.Along, point.Across) : (point.Across, point.Along)), closed, attributes);
    }
}
