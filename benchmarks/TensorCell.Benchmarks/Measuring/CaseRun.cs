using System.Diagnostics;
using System.Runtime.ExceptionServices;
using TensorCell.Interactive.Benchmarks;

namespace TensorCell.Benchmarks;

/// <summary>
/// Measures a case: all systems are made ready, then take turns (A B C A B C …), so that drift of the machine falls on all alike.
/// Before each turn the machine rests until the threads of the previous system have stopped spinning.
/// </summary>
public static class CaseRun
{
    private const double TurnSeconds = 0.1;
    private const double WarmUpSeconds = 0.3;
    private const double CaseSeconds = 20;
    private const double QuickCaseSeconds = 3;
    private const int MostRunsPerTurn = 20;
    private const int MostWarmUpRuns = 2000;
    private const int LeastRounds = 5;
    private const double BusyTolerance = 0.1;

    // OpenBLAS's threads spin for about 20 ms after a product.
    private static readonly TimeSpan rest = TimeSpan.FromMilliseconds(40);

    /// <summary>Measures a case.</summary>
    public static CaseResult Measure(string suite, BenchmarkCase subject, bool isQuick)
    {
        var load = MachineState.LoadAverage();
        var busy = MachineState.BusyShare();
        var notes = new List<string>();
        if (busy > BusyTolerance)
        {
            notes.Add(FormattableString.Invariant($"the machine was not idle: {busy:P0} of its processors in use"));
        }

        var turns = Start(subject, notes);
        try
        {
            CompareChecks(turns, subject.CheckTolerance, notes);
            var roundSeconds = turns.Sum(turn => turn.Plan(subject.WarmsUp)) + (turns.Count * rest.TotalSeconds);
            var affordable = (int)((isQuick ? QuickCaseSeconds : CaseSeconds) / roundSeconds);
            var rounds = Math.Clamp(affordable, Math.Min(LeastRounds, subject.MostRounds), subject.MostRounds);
            for (var round = 0; round < rounds; round++)
            {
                foreach (var turn in turns)
                {
                    Thread.Sleep(rest);
                    turn.Take(subject.WarmsUp);
                }
            }

            return new CaseResult(suite, subject, [.. turns.Select(turn => turn.Result)], notes, load, busy);
        }
        finally
        {
            turns.ForEach(turn => turn.Runner.Dispose());
        }
    }

    /// <summary>All at once, for what they prepare is not timed and takes longer than the runs.</summary>
    private static List<Turn> Start(BenchmarkCase subject, List<string> notes)
    {
        var starts = subject.Systems.Select(system => Task.Run(() => new Turn(system, system.Start()))).ToArray();
        var turns = new List<Turn>();
        Exception? failure = null;
        foreach (var (system, start) in subject.Systems.Zip(starts))
        {
            try
            {
                turns.Add(start.GetAwaiter().GetResult());
            }
            catch (MissingSystemException missing)
            {
                notes.Add($"{system.Name} is missing: {missing.Message}");
            }
            catch (Exception other)
            {
                failure ??= other;
            }
        }

        if (failure is not null)
        {
            turns.ForEach(turn => turn.Runner.Dispose());
            ExceptionDispatchInfo.Throw(failure);
        }

        return turns;
    }

    private static void CompareChecks(List<Turn> turns, double tolerance, List<string> notes)
    {
        var checks = turns.Select(turn => turn.Runner.Check).OfType<double>().Order().ToArray();
        if (checks.Length == 0)
        {
            return;
        }

        var middle = checks[checks.Length / 2];
        foreach (var turn in turns)
        {
            if (turn.Runner.Check is { } check && !(Math.Abs(check - middle) <= tolerance * Math.Abs(middle)))
            {
                notes.Add(FormattableString.Invariant($"{turn.System.Name} computes something else: its check is {check}, others' {middle}"));
            }
        }
    }

    /// <summary>One system's part in the case.</summary>
    private sealed class Turn(SystemUnderTest system, IRunner runner)
    {
        private readonly List<double> rounds = [];
        private readonly List<double> samples = [];
        private int runs = 1;

        public SystemUnderTest System => system;

        public IRunner Runner => runner;

        public SystemResult Result => new(system.Name, system.Threads, rounds, samples, runner.PeakBytes);

        /// <summary>Chooses how often it runs per turn; the seconds that a turn will take.</summary>
        public double Plan(bool warmsUp)
        {
            if (!warmsUp)
            {
                var start = Stopwatch.GetTimestamp();
                Take(warmsUp: false);
                return Stopwatch.GetElapsedTime(start).TotalSeconds;
            }

            // A runtime that compiles while it runs has optimised its code only after some calls and some time.
            runner.Run(2);
            var first = SampleStatistics.Of(runner.Run(3)).Median;
            runner.Run((int)Math.Clamp(WarmUpSeconds / first, 1, MostWarmUpRuns));
            var seconds = SampleStatistics.Of(runner.Run(3)).Median;
            runs = (int)Math.Clamp(TurnSeconds / seconds, 1, MostRunsPerTurn);
            return (runs + 1) * seconds;
        }

        public void Take(bool warmsUp)
        {
            if (warmsUp)
            {
                runner.Run(1);
            }

            var seconds = runner.Run(runs);
            samples.AddRange(seconds);
            rounds.Add(SampleStatistics.Of(seconds).Median);
        }
    }
}
