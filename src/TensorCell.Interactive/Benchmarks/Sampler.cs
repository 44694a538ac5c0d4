using TensorCell.Interactive.Python;

namespace TensorCell.Interactive.Benchmarks;

/// <summary>
/// Measures subjects in turns. Each is run once cold and then until its times are stable; subjects too short for the timer are run repeatedly
/// within a sample, and what an empty body takes is taken off. The samples are taken in rounds of one of each, in an order drawn anew for
/// each round, so that drift of the machine and the traces one subject leaves for the next touch all alike.
/// </summary>
internal sealed class Sampler(SamplingPlan plan, CancellationToken cancellation, Action<SamplingProgress> report)
{
    private const int Window = 4;
    private const double WarmUpBatchSeconds = 0.005;
    private const int MostOverheadWarmUps = 60;
    private const int OverheadBatches = 15;
    private const int Seed = 20261122;

    /// <summary>Whether the last measurement was interrupted while it took samples.</summary>
    public bool IsInterrupted { get; private set; }

    /// <summary>The subjects of the last measurement that could not be run for want of a module of Python, and what Python said of each.</summary>
    public List<(string Name, string Reason)> LeftOut { get; } = [];

    /// <summary>Measures; when interrupted while taking samples, returns those it has.</summary>
    /// <exception cref="OperationCanceledException">Interrupted before the first round of samples was complete.</exception>
    public async Task<IReadOnlyList<SubjectSamples>> MeasureAsync(IReadOnlyList<ISubject> subjects)
    {
        var found = new List<SubjectSamples>();
        LeftOut.Clear();
        foreach (var samples in subjects.Select(subject => new SubjectSamples(subject)))
        {
            try
            {
                await WarmUpAsync(samples);
            }
            catch (PythonException missing) when (missing.IsMissingModule && LeftOut.Count + 1 < subjects.Count)
            {
                LeftOut.Add((samples.Subject.Name, missing.PythonMessage));
                continue;
            }

            await MeasureOverheadAsync(samples);
            samples.Work = await samples.Subject.TraceAsync();
            found.Add(samples);
        }

        SubjectSamples[] all = [.. found];

        GC.Collect();
        GC.WaitForPendingFinalizers();
        try
        {
            await SampleAsync(all);
        }
        catch (Exception) when (cancellation.IsCancellationRequested && all.All(samples => samples.Seconds.Count > 0))
        {
            IsInterrupted = true;
        }
        catch (Exception exception) when (cancellation.IsCancellationRequested && exception is not OperationCanceledException)
        {
            throw new OperationCanceledException("interrupted before the first samples", exception, cancellation);
        }

        return all;
    }

    private async Task WarmUpAsync(SubjectSamples samples)
    {
        var subject = samples.Subject;
        report(new(subject.Name, "warming up", 0, double.NaN));
        samples.FirstRunSeconds = (await subject.RunAsync(1)).Seconds;
        samples.WarmUpSeconds = samples.EstimatedSeconds = samples.FirstRunSeconds;
        samples.WarmUpRuns = 1;
        var batches = new List<double>();
        while (!IsWarm(samples, batches))
        {
            cancellation.ThrowIfCancellationRequested();
            var runs = Repetitions(samples.EstimatedSeconds, WarmUpBatchSeconds, batches.Count);
            if (plan.WarmUpRuns is { } wanted)
            {
                runs = Math.Min(runs, wanted - samples.WarmUpRuns);
            }

            var timing = await subject.RunAsync(runs);
            samples.WarmUpRuns += runs;
            samples.WarmUpSeconds += timing.Seconds;
            batches.Add(timing.Seconds / runs);
            samples.EstimatedSeconds = Median(batches, Math.Max(0, batches.Count - Window), batches.Count);
            report(new(subject.Name, "warming up", Math.Min(1, samples.WarmUpSeconds / plan.MostWarmUpSeconds), samples.EstimatedSeconds));
        }

        samples.Repetitions = Repetitions(samples.EstimatedSeconds, plan.LeastSampleSeconds, int.MaxValue);
    }

    private bool IsWarm(SubjectSamples samples, List<double> batches)
    {
        if (plan.WarmUpRuns is { } wanted)
        {
            return samples.WarmUpRuns >= wanted;
        }

        // Only a run faster than before tells of a warm-up that is not over; a slower one is the machine's.
        var window = Math.Min(Window, batches.Count / 2);
        var gain = window == 0 ? double.NaN
            : Median(batches, batches.Count - (2 * window), batches.Count - window) - Median(batches, batches.Count - window, batches.Count);
        var isStable = gain <= plan.StableChange * samples.EstimatedSeconds;
        var isLongEnough = samples.WarmUpSeconds >= plan.LeastWarmUpSeconds
            && (samples.WarmUpRuns >= plan.LeastWarmUpRuns || samples.WarmUpSeconds >= plan.MostWarmUpSeconds / 2);
        samples.IsStable = window >= Window ? isStable : null;
        return (isLongEnough && isStable) || samples.WarmUpSeconds >= plan.MostWarmUpSeconds;
    }

    private async Task MeasureOverheadAsync(SubjectSamples samples)
    {
        if (samples.EstimatedSeconds >= plan.NegligibleOverheadSeconds)
        {
            return;
        }

        var subject = samples.Subject;
        var spent = 0.0;
        var estimate = (await subject.RunEmptyAsync(1)).Seconds;
        for (var batch = 0; spent < plan.LeastWarmUpSeconds / 2 && batch < MostOverheadWarmUps; batch++)
        {
            cancellation.ThrowIfCancellationRequested();
            var runs = Repetitions(estimate, WarmUpBatchSeconds, batch);
            var seconds = (await subject.RunEmptyAsync(runs)).Seconds;
            spent += seconds;
            estimate = seconds / runs;
        }

        var repetitions = Repetitions(estimate, plan.LeastSampleSeconds, int.MaxValue);
        var times = new List<double>();
        var bytes = new List<double>();
        for (var batch = 0; batch < OverheadBatches; batch++)
        {
            cancellation.ThrowIfCancellationRequested();
            var timing = await subject.RunEmptyAsync(repetitions);
            times.Add(timing.Seconds / repetitions);
            bytes.Add((timing.AllocatedBytes ?? 0) / repetitions);
        }

        samples.OverheadSeconds = Median(times, 0, times.Count);
        samples.OverheadBytes = Median(bytes, 0, bytes.Count);
    }

    private async Task SampleAsync(SubjectSamples[] all)
    {
        var roundSeconds = all.Sum(samples => samples.EstimatedSeconds * samples.Repetitions);
        var least = roundSeconds > 1 ? plan.LeastSlowSamples : plan.LeastSamples;
        var rounds = plan.Samples ?? (int)Math.Clamp(plan.BudgetSeconds * all.Length / roundSeconds, least, plan.MostSamples);
        var random = new Random(Seed);
        var order = all.ToArray();
        for (var round = 0; round < rounds; round++)
        {
            random.Shuffle(order);
            foreach (var samples in order)
            {
                cancellation.ThrowIfCancellationRequested();
                report(new(samples.Subject.Name, "measuring", (double)round / rounds, samples.EstimatedSeconds));
                var timing = await samples.Subject.RunAsync(samples.Repetitions);
                samples.Seconds.Add(Math.Max(0, (timing.Seconds / samples.Repetitions) - samples.OverheadSeconds));
                samples.Collections += timing.Collections;
                if (timing.AllocatedBytes is { } bytes)
                {
                    samples.Bytes.Add(bytes / samples.Repetitions);
                }
            }
        }
    }

    /// <summary>How many runs take about <paramref name="target"/> seconds; an early estimate, still cold, is trusted less.</summary>
    private static long Repetitions(double seconds, double target, int trust)
    {
        var most = trust < 16 ? 1L << (2 * trust) : 1_000_000_000;
        return seconds * most <= target ? most : Math.Max(1, (long)Math.Ceiling(target / seconds));
    }

    private static double Median(List<double> values, int start, int end)
    {
        var sorted = values[start..end].ToArray();
        Array.Sort(sorted);
        return SampleStatistics.Quantile(sorted, 0.5);
    }
}
