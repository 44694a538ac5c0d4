namespace TensorCell.Interactive;

/// <summary>One set of data on its way into a static chart.</summary>
internal abstract class SvgTrace
{
    /// <summary>The colour scale it needs a colour bar for; null needs none.</summary>
    public virtual ColorScale? ColorScale => null;

    /// <summary>Makes room for it on the axes.</summary>
    public abstract void Include(SvgAxis x, SvgAxis y);

    /// <summary>Draws it, clipped to the plot.</summary>
    public abstract void Draw(SvgWriter svg, SvgAxis x, SvgAxis y);

    /// <summary>Writes texts that may reach beyond the plot.</summary>
    public virtual void Label(SvgWriter svg, SvgAxis x, SvgAxis y, SvgFrame frame)
    {
    }
}
