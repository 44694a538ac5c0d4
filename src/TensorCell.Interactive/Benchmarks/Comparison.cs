namespace TensorCell.Interactive;

/// <summary>Several pieces of code measured in turns, so that what drifts on the machine touches all alike.</summary>
/// <param name="Sides">The sides, in the order given; every sample kept.</param>
/// <param name="Baseline">The name of the side that the others are compared with.</param>
/// <param name="Ratios">For each side, in the same order, how many times the baseline's median its median is.</param>
public sealed record Comparison(IReadOnlyList<Benchmark> Sides, string Baseline, IReadOnlyList<ComparisonRatio> Ratios)
{
    /// <summary>What the reader should know: sides left out, interruption, uncertainty.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>Whether it was interrupted; the samples taken until then are kept.</summary>
    public bool IsInterrupted { get; init; }

    /// <summary>The side of a name.</summary>
    public Benchmark this[string name] => Sides.First(side => side.Name == name);
}

/// <summary>A side's time in terms of the baseline's.</summary>
/// <param name="Name">The side.</param>
/// <param name="Time">Its median divided by the baseline's: 0.5 takes half the time.</param>
/// <param name="Interval">The bootstrap confidence interval of <paramref name="Time"/>; the baseline's is [1, 1].</param>
public sealed record ComparisonRatio(string Name, double Time, ConfidenceInterval Interval)
{
    /// <summary>How many times as fast as the baseline.</summary>
    public double Speed => 1 / Time;
}
