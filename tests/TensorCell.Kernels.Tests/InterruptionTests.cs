using System.Runtime.CompilerServices;

namespace TensorCell.Kernels.Tests;

public sealed class InterruptionTests
{
    [Fact]
    public void WhatIsDeferredIsNotInterruptedUntilItEnds()
    {
        using var source = new CancellationTokenSource();
        using var scope = Interruption.Begin(source.Token);
        using (var deferral = Interruption.Defer())
        {
            source.Cancel();
            Interruption.Check();
            Assert.False(Interruption.Token.IsCancellationRequested);
            Assert.True(deferral.IsInterrupted);
            Assert.True(scope.IsDeferred);
            Workers.For(64, (_, _) => Interruption.Check());
        }

        Assert.False(scope.IsDeferred);
        Assert.Throws<OperationCanceledException>(Interruption.Check);
        Assert.Throws<OperationCanceledException>(Interruption.Defer);
        Assert.False(scope.IsDeferred);
    }

    [Fact]
    public void TheHostBreaksNoWaitOfWhatIsDeferred()
    {
        using var source = new CancellationTokenSource();
        using var scope = Interruption.Begin(source.Token);
        var calls = 0;
        Assert.True(scope.UnlessDeferred(() => calls++));
        using (Interruption.Defer())
        using (Interruption.Defer())
        {
            Assert.False(scope.UnlessDeferred(() => calls++));
        }

        Assert.True(scope.UnlessDeferred(() => calls++));
        Assert.Equal(2, calls);
    }

    [Fact]
    public void AThreadInterruptThatCameJustBeforeIsTakenAsTheInterruption()
    {
        using var source = new CancellationTokenSource();
        Exception? thrown = null;
        var thread = new Thread(() =>
        {
            using var scope = Interruption.Begin(CancellationToken.None);
            Thread.CurrentThread.Interrupt();
            thrown = Record.Exception(() => Interruption.Defer());
            Assert.False(scope.IsDeferred);
            using (Interruption.Defer())
            {
                Thread.Sleep(1);
            }
        });
        thread.Start();
        thread.Join();
        Assert.IsType<ThreadInterruptedException>(thrown);
    }

    [Fact]
    public void OutsideAScopeNothingIsDeferred()
    {
        using var deferral = Interruption.Defer();
        Assert.False(deferral.IsInterrupted);
        Interruption.Check();
    }

    [Fact]
    public void AThreadThatOpenedAScopeDeepDownGoesOnAboveIt()
    {
        Exception? failure = null;
        var thread = new Thread(() =>
        {
            OpenDeepDown(64);
            failure = Record.Exception(Interruption.EnterAsync);
        });
        thread.Start();
        thread.Join();
        Assert.Null(failure);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int OpenDeepDown(int depth)
    {
        if (depth > 0)
        {
            return OpenDeepDown(depth - 1) + 1;
        }

        Interruption.Begin(CancellationToken.None).Dispose();
        return 0;
    }
}
