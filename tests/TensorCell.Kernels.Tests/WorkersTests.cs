namespace TensorCell.Kernels.Tests;

[Collection(nameof(EngineSettings))]
public sealed class WorkersTests : IDisposable
{
    private readonly int before = Workers.ThreadCount;

    public static TheoryData<int> ThreadCounts => [1, 2, 3, 8, 17];

    public void Dispose() => Workers.ThreadCount = before;

    [Theory]
    [MemberData(nameof(ThreadCounts))]
    public void EveryBlockRunsOnce(int threads)
    {
        Workers.ThreadCount = threads;
        foreach (var blocks in new[] { 0, 1, 2, 3, 7, 64, 1000 })
        {
            var runs = new int[blocks];
            Workers.For(blocks, block => Interlocked.Increment(ref runs[block]));
            Assert.All(runs, count => Assert.Equal(1, count));
        }
    }

    [Fact]
    public void ThousandsOfShortLaunchesLoseNothing()
    {
        Workers.ThreadCount = 4;
        var total = 0;
        for (var launch = 0; launch < 20_000; launch++)
        {
            Workers.For(3, _ => Interlocked.Increment(ref total));
        }

        Assert.Equal(60_000, total);
    }

    [Fact]
    public void ParkedWorkersAreWokenAgain()
    {
        Workers.ThreadCount = 3;
        for (var launch = 0; launch < 10; launch++)
        {
            Thread.Sleep(5);
            using var together = new Barrier(3);
            Workers.For(3, _ => Assert.True(together.SignalAndWait(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken)));
        }
    }

    [Fact]
    public void NoTwoThreadsShareAParticipant()
    {
        Workers.ThreadCount = 5;
        var busy = new int[5];
        Workers.For(2000, (_, participant) =>
        {
            Assert.Equal(1, Interlocked.Increment(ref busy[participant]));
            Thread.SpinWait(20);
            Interlocked.Decrement(ref busy[participant]);
        });
    }

    [Fact]
    public void ALaunchInsideABlockRunsOnThatThread()
    {
        Workers.ThreadCount = 4;
        Assert.False(Workers.IsInsideBlock);
        Workers.For(8, _ =>
        {
            Assert.True(Workers.IsInsideBlock);
            var thread = Environment.CurrentManagedThreadId;
            Workers.For(8, _ => Assert.Equal(thread, Environment.CurrentManagedThreadId));
            Assert.True(Workers.IsInsideBlock);
        });
        Assert.False(Workers.IsInsideBlock);
    }

    [Theory]
    [MemberData(nameof(ThreadCounts))]
    public void TheFirstFailureReachesTheCallerAsItWasThrown(int threads)
    {
        Workers.ThreadCount = threads;
        var failure = Assert.Throws<InvalidDataException>(() => Workers.For(100, block =>
        {
            if (block == 42)
            {
                throw new InvalidDataException("block 42");
            }
        }));
        Assert.Equal("block 42", failure.Message);
        EveryBlockRunsOnce(threads);
    }

    [Fact]
    public void AnInterruptionEndsTheLaunchAndLeavesTheWorkersUsable()
    {
        Workers.ThreadCount = 3;
        using var source = new CancellationTokenSource();
        using (Interruption.Begin(source.Token))
        {
            var runs = 0;
            Assert.ThrowsAny<OperationCanceledException>(() => Workers.For(1_000_000, _ =>
            {
                if (Interlocked.Increment(ref runs) == 100)
                {
                    source.Cancel();
                }
            }));
            Assert.InRange(runs, 100, 999_999);
        }

        EveryBlockRunsOnce(3);
    }

    [Fact]
    public void BlocksSeeTheCallersTokenOnEveryThread()
    {
        Workers.ThreadCount = 3;
        using var source = new CancellationTokenSource();
        using var scope = Interruption.Begin(source.Token);
        using var together = new Barrier(3);
        Workers.For(3, _ =>
        {
            Assert.Equal(source.Token, Interruption.Token);
            together.SignalAndWait(TimeSpan.FromSeconds(30));
        });
    }

    [Fact]
    public void AnInterruptedCallerWaitsForItsBlocksThenThrows()
    {
        Workers.ThreadCount = 2;
        using var bothInside = new CountdownEvent(2);
        using var release = new ManualResetEventSlim();
        var finished = 0;
        Exception? thrown = null;
        var caller = new Thread(() =>
        {
            var self = Environment.CurrentManagedThreadId;
            thrown = Record.Exception(() => Workers.For(1000, _ =>
            {
                if (!bothInside.IsSet)
                {
                    bothInside.Signal();
                }

                if (Environment.CurrentManagedThreadId != self)
                {
                    release.Wait();
                    Interlocked.Increment(ref finished);
                }
                else
                {
                    bothInside.Wait();
                }
            }));
        });
        caller.Start();
        bothInside.Wait(TestContext.Current.CancellationToken);
        Thread.Sleep(20);
        caller.Interrupt();
        Assert.False(caller.Join(50));
        release.Set();
        Assert.True(caller.Join(TimeSpan.FromSeconds(30)));
        Assert.IsType<ThreadInterruptedException>(thrown);
        Assert.Equal(1, finished);
        EveryBlockRunsOnce(2);
    }

    [Fact]
    public void ACallerWhoseWorkersAreStuckElsewhereStillFinishes()
    {
        Workers.ThreadCount = 3;
        using var stuck = new CountdownEvent(3);
        using var release = new ManualResetEventSlim();
        var abandoned = new Thread(() => Workers.For(3, _ =>
        {
            stuck.Signal();
            release.Wait();
        }));
        abandoned.Start();
        stuck.Wait(TestContext.Current.CancellationToken);
        EveryBlockRunsOnce(3);
        release.Set();
        Assert.True(abandoned.Join(TimeSpan.FromSeconds(30)));
    }

    [Fact]
    public async Task ManyCallersAtOnceEachGetTheirOwnResult()
    {
        Workers.ThreadCount = 3;
        var sums = await Task.WhenAll(Enumerable.Range(0, 8).Select(caller => Task.Run(() =>
        {
            var sum = 0L;
            for (var launch = 0; launch < 500; launch++)
            {
                Workers.For(16, block => Interlocked.Add(ref sum, block + caller));
            }

            return sum;
        })));
        Assert.Equal(Enumerable.Range(0, 8).Select(caller => 500L * (120 + (16 * caller))), sums);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(Workers.MaximumThreadCount + 1)]
    public void AnImpossibleThreadCountIsRefusedByName(int threads)
    {
        var refusal = Assert.Throws<ArgumentOutOfRangeException>(() => Workers.ThreadCount = threads);
        Assert.Contains($"{threads} asked; from 1 to {Workers.MaximumThreadCount}", refusal.Message, StringComparison.Ordinal);
    }
}
