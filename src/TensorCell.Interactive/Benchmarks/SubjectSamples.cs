namespace TensorCell.Interactive.Benchmarks;

/// <summary>What the sampler learnt of one subject.</summary>
internal sealed class SubjectSamples(ISubject subject)
{
    public ISubject Subject { get; } = subject;

    /// <summary>Seconds per run, overhead taken off, in the order of the rounds.</summary>
    public List<double> Seconds { get; } = [];

    public double FirstRunSeconds { get; set; }

    public double WarmUpSeconds { get; set; }

    public long WarmUpRuns { get; set; }

    /// <summary>Null when there were too few warm-up runs to tell, or their number was given.</summary>
    public bool? IsStable { get; set; }

    /// <summary>What a run takes at the end of the warm-up, overhead included.</summary>
    public double EstimatedSeconds { get; set; }

    public long Repetitions { get; set; } = 1;

    public double OverheadSeconds { get; set; }

    /// <summary>Bytes that running the empty body allocates, per run.</summary>
    public double OverheadBytes { get; set; }

    /// <summary>Bytes allocated per run in each round, overhead included; empty where that cannot be told.</summary>
    public List<double> Bytes { get; } = [];

    /// <summary>The median of the rounds, for other threads allocate too, overhead taken off.</summary>
    public double? AllocatedBytes => Bytes.Count == 0
        ? null
        : Math.Max(0, SampleStatistics.Quantile([.. Bytes.Order()], 0.5) - OverheadBytes);

    public Collections Collections { get; set; }

    public TracedWork Work { get; set; }
}
