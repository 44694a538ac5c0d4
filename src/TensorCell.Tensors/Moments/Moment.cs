namespace TensorCell.Tensors.Moments;

/// <summary>What is known of some numbers.</summary>
/// <param name="Count">How many there are.</param>
/// <param name="Mean">Their mean.</param>
/// <param name="Deviation">The sum of the squares of their differences from it.</param>
internal readonly record struct Moment(double Count, double Mean, double Deviation)
{
    /// <summary>What is known of these and others (Chan, Golub and LeVeque 1979).</summary>
    public Moment With(in Moment other)
    {
        double count = Count + other.Count;
        double share = count == 0 ? 0 : other.Count / count;
        double difference = other.Mean - Mean;
        return new(count, Mean + (difference * share), Deviation + other.Deviation + (difference * difference * Count * share));
    }
}
