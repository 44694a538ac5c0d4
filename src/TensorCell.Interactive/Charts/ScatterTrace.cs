namespace TensorCell.Interactive;

/// <summary>Points in the plane, as dots, a line or both.</summary>
/// <param name="X">Their horizontal positions.</param>
/// <param name="Y">Their vertical positions; a value that is not finite breaks the line.</param>
public sealed record ScatterTrace(ChartValues X, ChartValues Y) : Trace
{
    /// <summary>How the points are drawn.</summary>
    public ScatterMode Mode { get; init; } = ScatterMode.Markers;

    /// <summary>How far the error bar reaches above and below each point; null draws none.</summary>
    public ChartValues? Errors { get; init; }

    /// <summary>A number for each point, shown as its colour on a scale with a colour bar; null draws all in one colour.</summary>
    public ChartValues? ColorValues { get; init; }

    /// <summary>Text shown when the pointer rests on each point.</summary>
    public ChartValues? Labels { get; init; }

    /// <summary>Whether the line is dashed.</summary>
    public bool Dashed { get; init; }

    /// <summary>Whether the space between the line and zero is filled.</summary>
    public bool Filled { get; init; }
}
