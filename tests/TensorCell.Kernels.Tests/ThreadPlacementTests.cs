using TensorCell.Kernels.Simd;

namespace TensorCell.Kernels.Tests;

[Collection(nameof(EngineSettings))]
public sealed class ThreadPlacementTests
{
    [Fact]
    public void AThreadIsKeptOffTheProcessorOfTheCallerAlone()
    {
        NeedChoice();
        var number = 0;
        HashSet<int> freed = [];
        using ManualResetEventSlim started = new(), ended = new();
        var other = new Thread(() =>
        {
            number = ThreadPlacement.CurrentThread;
            started.Set();
            ended.Wait();
            ThreadPlacement.Free();
            freed = Allowed(number);
        });
        other.Start();
        started.Wait(TestContext.Current.CancellationToken);
        var before = Allowed(number);
        for (var i = 0; i < 100; i++)
        {
            ThreadPlacement.KeepAway(number);
            var now = Allowed(number);
            Assert.Equal(before.Count - 1, now.Count);
            Assert.Subset(before, now);
        }

        ended.Set();
        other.Join();
        Assert.Equal(before, freed);
        ThreadPlacement.KeepAway(0);
        ThreadPlacement.KeepAway(int.MaxValue);
    }

    [Fact]
    public void AWokenWorkerMayGoAnywhereOnceItRuns()
    {
        NeedChoice();
        using var settings = new EngineSettings(VectorWidth.Bits, contraction: true, threads: 2);
        var all = Allowed(ThreadPlacement.CurrentThread);
        for (var i = 0; i < 10; i++)
        {
            Thread.Sleep(5);
            using var together = new Barrier(2);
            Workers.For(2, _ =>
            {
                Assert.True(together.SignalAndWait(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken));
                Assert.Equal(all, Allowed(ThreadPlacement.CurrentThread));
            });
        }
    }

    private static void NeedChoice() => Assert.SkipUnless(
        OperatingSystem.IsLinux() && Environment.ProcessorCount > 1, "threads are placed on Linux, where there is a choice");

    private static HashSet<int> Allowed(int thread)
    {
        var line = File.ReadLines($"/proc/self/task/{thread}/status").Single(line => line.StartsWith("Cpus_allowed_list:", StringComparison.Ordinal));
        return [.. line.Split(':')[1].Trim().Split(',').SelectMany(range =>
        {
            var ends = range.Split('-').Select(int.Parse).ToArray();
            return Enumerable.Range(ends[0], ends[^1] - ends[0] + 1);
        })];
    }
}
