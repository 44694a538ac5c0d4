using TensorCell.Interactive.Benchmarks;

namespace TensorCell.Benchmarks;

/// <summary>What all systems reached in a case.</summary>
/// <param name="Suite">The suite's name.</param>
/// <param name="Case">What was measured.</param>
/// <param name="Systems">Those that took part.</param>
/// <param name="Notes">What the reader must know: who is missing, whose result differs, whether the machine was busy.</param>
/// <param name="LoadAverage">The system's load average over a minute, just before.</param>
/// <param name="BusyShare">The share of the processors that others used just before, from 0 to 1.</param>
public sealed record CaseResult(
    string Suite, BenchmarkCase Case, IReadOnlyList<SystemResult> Systems, IReadOnlyList<string> Notes, double LoadAverage, double BusyShare)
{
    /// <summary>The result of a system; null when it is missing.</summary>
    public SystemResult? Of(string system) => Systems.FirstOrDefault(result => result.System == system);

    /// <summary>How many times as fast as a peer TensorCell is, round by round; null when either is missing.</summary>
    public SampleStatistics? RatioTo(string peer) => Of(SystemUnderTest.TensorCell) is { } own && Of(peer) is { } other
        ? SampleStatistics.Of([.. own.Rounds.Zip(other.Rounds, (ours, theirs) => theirs / ours)])
        : null;
}
