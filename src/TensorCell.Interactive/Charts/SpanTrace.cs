namespace TensorCell.Interactive;

/// <summary>Stretches along the horizontal axis, each in a row: what ran when.</summary>
/// <param name="Rows">The row of each.</param>
/// <param name="Starts">Where each begins.</param>
/// <param name="Lengths">How long each is; one that is too short to see is drawn a hair wide.</param>
public sealed record SpanTrace(ChartValues Rows, ChartValues Starts, ChartValues Lengths) : Trace
{
    /// <summary>What each is: written in it where there is room, and shown when the pointer rests on it.</summary>
    public ChartValues? Labels { get; init; }
}
