using TensorCell.Interactive.Benchmarks;

namespace TensorCell.Interactive;

/// <summary>The measured times of one piece of code, every sample kept.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Language"><c>C#</c> or <c>Python</c>.</param>
/// <param name="Code">The code that was measured.</param>
/// <param name="Samples">Seconds per run of the code, in the order measured, the harness's own time taken off.</param>
public sealed record Benchmark(string Name, string Language, string Code, IReadOnlyList<double> Samples)
{
    /// <summary>Median, quartiles, mean and the rest, in seconds.</summary>
    public SampleStatistics Statistics => field ??= SampleStatistics.Of(Samples);

    /// <summary>The median, in seconds.</summary>
    public double Median => Statistics.Median;

    /// <summary>How many times the code ran for each sample.</summary>
    public long Repetitions { get; init; } = 1;

    /// <summary>How many times it ran before the first sample.</summary>
    public long WarmUpRuns { get; init; }

    /// <summary>Seconds the warm-up took, the first run included.</summary>
    public double WarmUpSeconds { get; init; }

    /// <summary>Seconds the first run took: compilation and cold caches.</summary>
    public double FirstRunSeconds { get; init; }

    /// <summary>Seconds an empty body takes per run, which were taken off each sample.</summary>
    public double OverheadSeconds { get; init; }

    /// <summary>Bytes allocated on the managed heap per run, the median of the samples; null where that cannot be told.</summary>
    public double? AllocatedBytes { get; init; }

    /// <summary>Garbage collections while the samples were taken, by generation.</summary>
    public IReadOnlyList<int> Collections { get; init; } = [0, 0, 0];

    /// <summary>Floating-point operations per run; null when not known.</summary>
    public double? Flops { get; init; }

    /// <summary>Bytes read and written per run; null when not known.</summary>
    public double? Bytes { get; init; }

    /// <summary>Whether <see cref="Flops"/> and <see cref="Bytes"/> are the engine's own count rather than the user's.</summary>
    public bool IsTraced { get; init; }

    /// <summary>What the device can reach; null when nothing is known to compare with.</summary>
    public DeviceRoof? Roof { get; init; }

    /// <summary>Whether it was interrupted; the samples taken until then are kept.</summary>
    public bool IsInterrupted { get; init; }

    /// <summary>What the reader should know: outliers, drift, an unread result.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>Floating-point operations per second, of the median; null when not known.</summary>
    public double? FlopsPerSecond => Flops / Median;

    /// <summary>Bytes per second, of the median; null when not known.</summary>
    public double? BytesPerSecond => Bytes / Median;

    /// <summary>The share of the device's floating-point limit that the median reaches, 1 being all of it.</summary>
    public double? ShareOfFlops => Roof is { FlopsPerSecond: > 0 } roof ? FlopsPerSecond / roof.FlopsPerSecond : null;

    /// <summary>The share of the device's bandwidth that the median reaches, 1 being all of it; more is possible from caches.</summary>
    public double? ShareOfBandwidth => Roof is { BytesPerSecond: > 0 } roof ? BytesPerSecond / roof.BytesPerSecond : null;
}
