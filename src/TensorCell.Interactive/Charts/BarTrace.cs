namespace TensorCell.Interactive;

/// <summary>One bar per category, with error bars when given.</summary>
/// <param name="Categories">What each bar stands for: text, numbers or dates.</param>
/// <param name="Values">Each bar's length.</param>
public sealed record BarTrace(ChartValues Categories, ChartValues Values) : Trace
{
    /// <summary>How far the error bar reaches above each value (and below, unless <see cref="ErrorsBelow"/> is given); null draws none.</summary>
    public ChartValues? Errors { get; init; }

    /// <summary>How far the error bar reaches below each value, when not the same as above.</summary>
    public ChartValues? ErrorsBelow { get; init; }

    /// <summary>Text written at each bar's end; null writes none.</summary>
    public ChartValues? Labels { get; init; }

    /// <summary>Whether bars grow to the right from categories down the side.</summary>
    public bool Horizontal { get; init; }
}
