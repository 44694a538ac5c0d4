using TensorCell.Interactive.Benchmarks;

namespace TensorCell.Interactive.Tests.Benchmarks;

public class SamplerTests
{
    private readonly CancellationTokenSource interruption = new();
    private readonly List<SamplingProgress> progress = [];

    private Sampler Create(SamplingPlan? plan = null) => new(plan ?? SamplingPlan.Default, interruption.Token, progress.Add);

    private async Task<SubjectSamples> MeasureAsync(ISubject subject, SamplingPlan? plan = null) =>
        (await Create(plan).MeasureAsync([subject]))[0];

    [Fact]
    public async Task A_steady_body_gives_its_time()
    {
        var samples = await MeasureAsync(new ClockedSubject("steady", _ => 0.02));
        Assert.True(samples.IsStable);
        Assert.Equal(1, samples.Repetitions);
        Assert.Equal(50, samples.Seconds.Count);
        Assert.All(samples.Seconds, seconds => Assert.Equal(0.02, seconds, 9));
    }

    [Fact]
    public async Task Warm_up_goes_on_until_the_times_are_stable()
    {
        // Compiled again after 38 runs, to twice the speed: the windows before and after disagree.
        var samples = await MeasureAsync(new ClockedSubject("tiered", run => run < 38 ? 0.008 : 0.004));
        Assert.True(samples.IsStable);
        Assert.True(samples.WarmUpRuns > 42);
        Assert.All(samples.Seconds, seconds => Assert.Equal(0.004, seconds, 9));
    }

    [Fact]
    public async Task The_first_run_is_kept_apart()
    {
        var samples = await MeasureAsync(new ClockedSubject("cold", run => run == 0 ? 0.5 : 0.001));
        Assert.Equal(0.5, samples.FirstRunSeconds, 9);
        Assert.DoesNotContain(samples.Seconds, seconds => seconds > 0.01);
    }

    [Fact]
    public async Task Warm_up_of_what_never_settles_ends_and_says_so()
    {
        var samples = await MeasureAsync(new ClockedSubject("speeding", run => 0.05 / (1 + (0.2 * run))));
        Assert.False(samples.IsStable);
        Assert.InRange(samples.WarmUpSeconds, 0.3, 3);
        Assert.Contains("--warmup", string.Join('\n', BenchmarkReport.Of(samples, default, false).Notes));
    }

    [Fact]
    public async Task A_slow_body_is_warmed_up_by_few_runs()
    {
        var subject = new ClockedSubject("slow", _ => 3);
        var samples = await MeasureAsync(subject);
        Assert.Equal(1, samples.WarmUpRuns);
        Assert.Equal(SamplingPlan.Default.LeastSlowSamples, samples.Seconds.Count);
    }

    [Fact]
    public async Task A_short_body_is_repeated_within_a_sample_and_the_harness_taken_off()
    {
        var subject = new ClockedSubject("short", _ => 3e-8) { Overhead = 5e-8, BytesPerRun = 24, OverheadBytes = 72 };
        var samples = await MeasureAsync(subject);
        Assert.InRange(samples.Repetitions, 20_000, 30_000);
        Assert.All(samples.Seconds, seconds => Assert.Equal(3e-8, seconds, 12));
        Assert.Equal(5e-8, samples.OverheadSeconds, 12);
        Assert.Equal(24, samples.AllocatedBytes!.Value, 6);
        Assert.Contains("an empty body", string.Join('\n', BenchmarkReport.Of(samples, default, false).Notes));
    }

    [Fact]
    public async Task Given_numbers_of_runs_are_kept_to()
    {
        var subject = new ClockedSubject("given", _ => 0.001);
        var samples = await MeasureAsync(subject, new() { Samples = 7, WarmUpRuns = 13 });
        Assert.Equal(7, samples.Seconds.Count);
        Assert.Equal(13, samples.WarmUpRuns);
        Assert.Null(samples.IsStable);
        Assert.Equal(13 + (7 * samples.Repetitions), subject.Runs);
    }

    [Fact]
    public async Task Sides_take_turns_so_that_drift_cancels()
    {
        // The machine slows down by half over the measurement, whoever runs.
        var clock = 0.0;
        double Slowed(double seconds)
        {
            clock += seconds;
            return seconds * (1 + (clock / 10));
        }

        var sides = new[] { new ClockedSubject("a", _ => Slowed(0.01)), new ClockedSubject("b", _ => Slowed(0.02)) };
        var measured = await Create().MeasureAsync(sides);
        var benchmarks = measured.Select(samples => BenchmarkReport.Of(samples, default, false)).ToList();
        var comparison = BenchmarkReport.Of(benchmarks, "a", [], false);
        Assert.Equal(benchmarks[0].Samples.Count, benchmarks[1].Samples.Count);
        Assert.Equal(2, comparison.Ratios[1].Time, 1);
        Assert.True(comparison.Ratios[1].Interval.Contains(2), comparison.Ratios[1].Interval.ToString());
        Assert.Equal(new(1, 1, 0.95), comparison.Ratios[0].Interval);
    }

    [Fact]
    public async Task An_interrupt_keeps_the_samples_so_far()
    {
        var calls = 0;
        var subject = new ClockedSubject("interrupted", _ => 0.05)
        {
            OnCall = _ =>
            {
                if (++calls == 30)
                {
                    interruption.Cancel();
                    throw new OperationCanceledException(interruption.Token);
                }
            },
        };
        var sampler = Create();
        var samples = (await sampler.MeasureAsync([subject]))[0];
        Assert.True(sampler.IsInterrupted);
        Assert.NotEmpty(samples.Seconds);
        Assert.True(BenchmarkReport.Of(samples, default, sampler.IsInterrupted).IsInterrupted);
    }

    [Fact]
    public async Task An_interrupt_during_the_warm_up_ends_it()
    {
        var subject = new ClockedSubject("interrupted", _ => 0.05) { OnCall = _ => interruption.Cancel() };
        await Assert.ThrowsAsync<OperationCanceledException>(() => Create().MeasureAsync([subject]));
    }

    [Fact]
    public async Task What_the_body_throws_reaches_the_user()
    {
        var subject = new ClockedSubject("failing", _ => 0.05) { OnCall = _ => throw new DivideByZeroException() };
        await Assert.ThrowsAsync<DivideByZeroException>(() => Create().MeasureAsync([subject]));
    }

    [Fact]
    public async Task Progress_tells_of_both_phases()
    {
        await MeasureAsync(new ClockedSubject("steady", _ => 0.02));
        Assert.Equal(["warming up", "measuring"], progress.Select(step => step.Phase).Distinct());
        Assert.All(progress, step => Assert.InRange(step.Done, 0, 1));
    }

    [Fact]
    public async Task Work_gives_rates_and_shares_of_the_limit()
    {
        var roof = new DeviceRoof("cpu", 1e9, 1e10);
        var samples = await MeasureAsync(new ClockedSubject("work", _ => 0.01) { Work = new(5e6, 2e7, roof) });
        var traced = BenchmarkReport.Of(samples, default, false);
        Assert.True(traced.IsTraced);
        Assert.Equal(5e8, traced.FlopsPerSecond!.Value, 0);
        Assert.Equal(0.5, traced.ShareOfFlops!.Value, 6);
        Assert.Equal(0.2, traced.ShareOfBandwidth!.Value, 6);
        var given = BenchmarkReport.Of(samples, new(1e6, null, roof), false);
        Assert.False(given.IsTraced);
        Assert.Equal(1e8, given.FlopsPerSecond!.Value, 0);
        Assert.Null(given.BytesPerSecond);
    }

    [Fact]
    public async Task Drift_and_outliers_are_noted()
    {
        var drifting = await MeasureAsync(new ClockedSubject("drifting", run => run < 90 ? 0.01 + (run % 3 * 1e-5) : 0.013 + (run % 3 * 1e-5)));
        Assert.Contains("slower than the first", string.Join('\n', BenchmarkReport.Of(drifting, default, false).Notes));
        var spiky = await MeasureAsync(new ClockedSubject("spiky", run => run % 20 == 7 ? 0.05 : 0.02));
        Assert.Contains("Tukey", string.Join('\n', BenchmarkReport.Of(spiky, default, false).Notes));
    }
}
