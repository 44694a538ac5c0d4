namespace TensorCell.Interactive;

/// <summary>
/// A plane divided into classes, such as a classifier's decision regions, as cells of each class's colour, paler where it is less sure. It takes the
/// colours of traces of the same names, so that points lie on the ground they belong to.
/// </summary>
/// <param name="Classes">The class of each cell, an index into <paramref name="Names"/>; row-major, the first row at the bottom.</param>
/// <param name="Rows">How many rows of cells.</param>
/// <param name="Columns">How many columns of cells.</param>
/// <param name="Names">What the classes are called.</param>
public sealed record RegionTrace(IReadOnlyList<int> Classes, int Rows, int Columns, IReadOnlyList<string> Names) : Trace
{
    /// <summary>How sure the class of each cell is, from 0 to 1; null where all are.</summary>
    public IReadOnlyList<double>? Confidence { get; init; }

    /// <summary>Where the left edge of the first and the right edge of the last column are.</summary>
    public (double Minimum, double Maximum) X { get; init; } = (0, Columns);

    /// <summary>Where the lower edge of the first and the upper edge of the last row are.</summary>
    public (double Minimum, double Maximum) Y { get; init; } = (0, Rows);

    /// <summary>How opaque a cell is.</summary>
    internal double Opacity(int cell) => Pale + ((Full - Pale) * Math.Clamp(Confidence?[cell] ?? 1, 0, 1));

    /// <summary>The opacity of no confidence.</summary>
    internal const double Pale = 0.06;

    /// <summary>The opacity of full confidence.</summary>
    internal const double Full = 0.42;

    /// <summary>The colour of each class: that of the figure's trace of its name, or its place in the palette.</summary>
    internal string[] Colors(Figure figure)
    {
        var colors = new string[Names.Count];
        for (var i = 0; i < colors.Length; i++)
        {
            var match = figure.Traces.FindIndex(trace => trace is not RegionTrace && trace.Name == Names[i]);
            var color = match >= 0 ? Palette.Of(figure.Traces[match], match) : "";
            colors[i] = IsHexadecimal(color) ? color : Palette.Categories[i % Palette.Categories.Length];
        }

        return colors;
    }

    private static bool IsHexadecimal(string color) => color is ['#', _, _, _, _, _, _] && color.AsSpan(1).IndexOfAnyExcept("0123456789abcdefABCDEF") < 0;
}
