using TensorCell.Interactive.Benchmarks;

namespace TensorCell.Interactive.Tests.Benchmarks;

/// <summary>A subject whose runs take the time they are said to take, so that what the sampler does can be told exactly.</summary>
/// <param name="name">Its name.</param>
/// <param name="seconds">Seconds of the run of a number, from 0.</param>
internal sealed class ClockedSubject(string name, Func<long, double> seconds) : ISubject
{
    public string Name => name;

    public string Language => "C#";

    public string Code => "";

    public string? NoteOnResult { get; init; }

    /// <summary>What an empty body takes; part of every run as well.</summary>
    public double Overhead { get; init; }

    public double BytesPerRun { get; init; }

    public double OverheadBytes { get; init; }

    public TracedWork Work { get; init; }

    /// <summary>How many runs were asked for, call by call.</summary>
    public List<long> Calls { get; } = [];

    /// <summary>Called before each call.</summary>
    public Action<ClockedSubject>? OnCall { get; init; }

    public long Runs { get; private set; }

    public ValueTask<RunTiming> RunAsync(long repetitions)
    {
        OnCall?.Invoke(this);
        Calls.Add(repetitions);
        var total = 0.0;
        for (long run = 0; run < Math.Min(repetitions, 100); run++)
        {
            total += seconds(Runs + run) + Overhead;
        }

        // A long batch is as the first hundred of its runs.
        total *= repetitions / (double)Math.Min(repetitions, 100);
        Runs += repetitions;
        return ValueTask.FromResult(new RunTiming(total, (BytesPerRun + OverheadBytes) * repetitions, new(1, 0, 0)));
    }

    public ValueTask<RunTiming> RunEmptyAsync(long repetitions) =>
        ValueTask.FromResult(new RunTiming(Overhead * repetitions, OverheadBytes * repetitions, default));

    public ValueTask<TracedWork> TraceAsync() => ValueTask.FromResult(Work);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
