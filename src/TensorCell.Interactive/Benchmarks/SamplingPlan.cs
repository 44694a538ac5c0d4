namespace TensorCell.Interactive.Benchmarks;

/// <summary>How long to warm up and how much to measure.</summary>
internal sealed record SamplingPlan
{
    public static SamplingPlan Default { get; } = new();

    /// <summary>How many samples to take of each subject; null for as many as the budget holds.</summary>
    public int? Samples { get; init; }

    /// <summary>How many runs to make before the first sample; null for until the times are stable.</summary>
    public int? WarmUpRuns { get; init; }

    /// <summary>
    /// The least time of a warm-up, so that the runtime's second compilation, which waits for 100 ms without new methods, has happened.
    /// </summary>
    public double LeastWarmUpSeconds { get; init; } = 0.3;

    /// <summary>The least runs of a warm-up that ends before a second: methods are compiled again after 30 calls.</summary>
    public int LeastWarmUpRuns { get; init; } = 40;

    /// <summary>The time after which a warm-up ends, stable or not.</summary>
    public double MostWarmUpSeconds { get; init; } = 2;

    /// <summary>The gain in speed from one window of runs to the next, relative, that still counts as stable.</summary>
    public double StableChange { get; init; } = 0.03;

    /// <summary>A body that takes less is run repeatedly within one sample, so that a sample is far above the timer's resolution.</summary>
    public double LeastSampleSeconds { get; init; } = 0.002;

    /// <summary>A body that takes more is long enough for the harness's own time, well under a microsecond, not to matter.</summary>
    public double NegligibleOverheadSeconds { get; init; } = 1e-4;

    /// <summary>The time to spend on each subject's samples.</summary>
    public double BudgetSeconds { get; init; } = 1;

    /// <summary>The least samples, whatever they cost.</summary>
    public int LeastSamples { get; init; } = 10;

    /// <summary>The least samples when a round of them takes over a second.</summary>
    public int LeastSlowSamples { get; init; } = 5;

    /// <summary>The most samples, however cheap.</summary>
    public int MostSamples { get; init; } = 100;
}
