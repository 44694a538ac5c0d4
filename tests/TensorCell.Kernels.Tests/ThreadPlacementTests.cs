namespace TensorCell.Kernels.Tests;

[Collection(nameof(EngineSettings))]
public sealed class ThreadPlacementTests
{
    [Fact]
    public void AThreadIsKeptOffTheProcessorOfTheCallerAlone()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.ProcessorCount > 1, "threads are placed on Linux, where there is a choice");
        var number = 0;
        using ManualResetEventSlim started = new(), ended = new();
        var other = new Thread(() =>
        {
            number = ThreadPlacement.CurrentThread;
            started.Set();
            ended.Wait();
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
        ThreadPlacement.KeepAway(0);
        ThreadPlacement.KeepAway(int.MaxValue);
    }

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
