using System.Globalization;
using TensorCell.Interactive.Formatting;

namespace TensorCell.Interactive.Benchmarks;

/// <summary>Makes the records users keep from what the sampler measured.</summary>
internal static class BenchmarkReport
{
    private const double NotableOverhead = 0.5;
    private const double NotableShare = 1.1;
    private const double NotableDrift = 0.05;
    private const int LeastForDrift = 10;

    /// <summary>The benchmark of one subject.</summary>
    /// <param name="samples">What was measured.</param>
    /// <param name="work">Floating-point operations and bytes of one run as the user gave them; null for the engine's count.</param>
    /// <param name="isInterrupted">Whether the measurement was cut short.</param>
    /// <param name="isAlone">Whether nothing else was measured in turns with it, which would cancel what the machine does.</param>
    public static Benchmark Of(SubjectSamples samples, GivenWork work, bool isInterrupted, bool isAlone = true)
    {
        var traced = samples.Work;
        var isTraced = work.Flops is null && work.Bytes is null;
        var benchmark = new Benchmark(samples.Subject.Name, samples.Subject.Language, samples.Subject.Code, [.. samples.Seconds])
        {
            Repetitions = samples.Repetitions,
            WarmUpRuns = samples.WarmUpRuns,
            WarmUpSeconds = samples.WarmUpSeconds,
            FirstRunSeconds = samples.FirstRunSeconds,
            OverheadSeconds = samples.OverheadSeconds,
            AllocatedBytes = samples.AllocatedBytes,
            Collections = [samples.Collections.Generation0, samples.Collections.Generation1, samples.Collections.Generation2],
            Flops = work.Flops ?? (isTraced && traced.Flops > 0 ? traced.Flops : null),
            Bytes = work.Bytes ?? (isTraced && traced.Bytes > 0 ? traced.Bytes : null),
            IsTraced = isTraced,
            Roof = traced.Roof ?? work.Roof,
            IsInterrupted = isInterrupted,
        };
        return benchmark with { Notes = [.. Notes(samples, benchmark, isAlone)] };
    }

    /// <summary>The comparison of several subjects that were measured together.</summary>
    public static Comparison Of(IReadOnlyList<Benchmark> sides, string baseline, IEnumerable<string> notes, bool isInterrupted)
    {
        var reference = sides.First(side => side.Name == baseline);
        var ratios = sides.Select(side => side == reference
            ? new ComparisonRatio(side.Name, 1, new(1, 1, Bootstrap.Level))
            : new ComparisonRatio(side.Name, side.Median / reference.Median, Bootstrap.OfPairedMedianRatio([.. side.Samples], [.. reference.Samples])));
        return new(sides, baseline, [.. ratios])
        {
            Notes = [.. notes],
            IsInterrupted = isInterrupted,
        };
    }

    private static IEnumerable<string> Notes(SubjectSamples samples, Benchmark benchmark, bool isAlone)
    {
        var statistics = benchmark.Statistics;
        if (samples.IsStable == false)
        {
            yield return $"the runs were still getting faster when the warm-up ended after {Quantity.Seconds(samples.WarmUpSeconds)}; --warmup {2 * samples.WarmUpRuns} warms up longer";
        }

        if (samples.OverheadSeconds > NotableOverhead * samples.EstimatedSeconds)
        {
            yield return $"an empty body takes {Quantity.Seconds(samples.OverheadSeconds)} of the {Quantity.Seconds(samples.EstimatedSeconds)} measured: "
                + "put a loop into the body to measure something this short";
        }

        if (isAlone && statistics.Outliers > 0)
        {
            var slowest = (statistics.Maximum / statistics.Median).ToString("0.0", CultureInfo.InvariantCulture);
            yield return $"{statistics.Outliers} of {statistics.Count} samples lie beyond Tukey's fences; the slowest took {slowest} times the median";
        }

        if (isAlone && Drift(benchmark.Samples) is { } drift)
        {
            yield return $"the second half of the samples ran {Quantity.Percent(Math.Abs(drift))} {(drift > 0 ? "slower" : "faster")} than the first: "
                + "something else may be using the machine";
        }

        if (benchmark.ShareOfBandwidth > NotableShare)
        {
            yield return "it moves bytes faster than the device's memory can: its data stays in the caches";
        }

        if (samples.Subject.NoteOnResult is { } note)
        {
            yield return note;
        }
    }

    /// <summary>By how much the second half's median differs from the first's, when that is neither small nor chance.</summary>
    private static double? Drift(IReadOnlyList<double> samples)
    {
        if (samples.Count < LeastForDrift)
        {
            return null;
        }

        var first = samples.Take(samples.Count / 2).Order().ToArray();
        var second = samples.Skip(samples.Count / 2).Order().ToArray();
        var change = (SampleStatistics.Quantile(second, 0.5) / SampleStatistics.Quantile(first, 0.5)) - 1;
        return Math.Abs(change) > NotableDrift && !Bootstrap.OfMedianRatio(second, first).Contains(1) ? change : null;
    }
}
