namespace TensorCell.Interactive;

/// <summary>An interval that covers the true value with a stated probability.</summary>
/// <param name="Low">Its lower end.</param>
/// <param name="High">Its upper end.</param>
/// <param name="Level">The probability, as 0.95.</param>
public readonly record struct ConfidenceInterval(double Low, double High, double Level)
{
    /// <summary>Whether a value lies in it.</summary>
    public bool Contains(double value) => Low <= value && value <= High;
}
