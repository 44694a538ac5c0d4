using System.Runtime.CompilerServices;
using FsCheck;
using FsCheck.Fluent;

namespace TensorCell.Kernels.Tests;

[Collection(nameof(EngineSettings))]
public sealed class CpuBufferTests
{
    [Fact]
    public void BuffersOfAnySizeAreAlignedWritableAndApart() =>
        Prop.ForAll(Gen.Choose(0, 300_000).ListOf(6).ToArbitrary(), sizes =>
        {
            var buffers = sizes.Select(size => CpuBuffer.Allocate(size)).ToArray();
            for (var i = 0; i < buffers.Length; i++)
            {
                Assert.Equal(0, buffers[i].Address % CpuBuffer.Alignment);
                Assert.Equal(sizes[i], buffers[i].AsSpan<byte>().Length);
                buffers[i].AsSpan<byte>().Fill((byte)(i + 1));
            }

            for (var i = 0; i < buffers.Length; i++)
            {
                Assert.Equal(-1, buffers[i].AsSpan<byte>().IndexOfAnyExcept((byte)(i + 1)));
                buffers[i].Dispose();
            }
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void ADisposedBufferIsReusedForTheNextOfItsSize()
    {
        EmptyPool();
        var first = CpuBuffer.Allocate(1 << 20);
        var address = first.Address;
        first.Dispose();
        Assert.True(CpuBuffer.BytesPooled >= 1 << 20);
        using var second = CpuBuffer.Allocate((1 << 20) - 100);
        Assert.Equal(address, second.Address);
        Assert.Equal(0, CpuBuffer.BytesPooled);
    }

    [Fact]
    public void DisposingTwiceReturnsTheMemoryOnce()
    {
        EmptyPool();
        var buffer = CpuBuffer.Allocate(5000);
        var inUse = CpuBuffer.BytesInUse;
        buffer.Dispose();
        buffer.Dispose();
        Assert.InRange(inUse - CpuBuffer.BytesInUse, 5000, 6000);
        Assert.InRange(CpuBuffer.BytesPooled, 5000, 6000);
        Assert.True(buffer.IsDisposed);
        Assert.Throws<ObjectDisposedException>(() => buffer.Address);
        Assert.Throws<ObjectDisposedException>(() => buffer.AsSpan<byte>().Length);
    }

    [Theory]
    [InlineData(0, 0, 0, 0)]
    [InlineData(1, 1, 1, 1)]
    [InlineData(2, 2, 2)]
    [InlineData(0, 1, 2, 0, 1, 2)]
    [InlineData(2, 0, 1, 2, 0)]
    public void ASpanKeepsTheMemoryOfADroppedBufferAlive(params int[] generations)
    {
        var span = Fill(CpuBuffer.Allocate(1 << 16).AsSpan<int>());
        foreach (var generation in generations)
        {
            GC.Collect(generation);
            GC.WaitForPendingFinalizers();
            var others = Enumerable.Range(0, 4).Select(_ => CpuBuffer.Allocate(1 << 16)).ToArray();
            foreach (var other in others)
            {
                other.AsSpan<int>().Fill(-1);
                other.Dispose();
            }
        }

        Assert.Equal(-1, span.IndexOfAnyExcept(7));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void TheMemoryOfADroppedBufferServesTheNext(bool isSpanned)
    {
        EmptyPool();
        var address = DropOne(isSpanned);
        GC.Collect();
        GC.WaitForPendingFinalizers();
        using var next = CpuBuffer.Allocate(3 << 20);
        Assert.Equal(address, next.Address);
    }

    [Fact]
    public void ALoopThatDropsItsResultsGoesRoundInTheSameMemory()
    {
        EmptyPool();
        var addresses = new HashSet<nint>();
        for (var i = 0; i < 2000; i++)
        {
            addresses.Add(DropOne(isSpanned: false));
        }

        Assert.True(addresses.Count < 200, $"{addresses.Count} different pieces of memory for 2000 results of 3 MiB");
    }

    [Fact]
    public void ALoopThatReplacesAResultGoesRoundInTheSameMemory()
    {
        EmptyPool();
        var addresses = new HashSet<nint>();
        CpuBuffer? kept = null;
        for (var i = 0; i < 2000; i++)
        {
            var next = CpuBuffer.Allocate(3 << 20);
            addresses.Add(next.Address);
            GC.KeepAlive(kept);
            kept = next;
        }

        GC.KeepAlive(kept);
        Assert.True(addresses.Count < 300, $"{addresses.Count} different pieces of memory for 2000 results of 3 MiB");
    }

    [Fact]
    public void MemoryThatIsStillSeenIsNeverGivenToAnother()
    {
        // Threads drop buffers and keep spans over some, while others collect; each finds in its memory what it put there.
        var failures = 0;
        var threads = Enumerable.Range(1, 6).Select(number => new Thread(() =>
        {
            var random = new Random(number);
            for (var turn = 0; turn < 300; turn++)
            {
                var length = random.Next(1, 4) << 18;
                var span = CpuBuffer.Allocate(length).AsSpan<int>();
                span.Fill(number);
                var held = CpuBuffer.Allocate(length);
                held.AsSpan<int>().Fill(-number);
                if (turn % 10 == number)
                {
                    GC.Collect(random.Next(0, 3));
                }

                for (var i = 0; i < 4; i++)
                {
                    CpuBuffer.Allocate(length).AsSpan<int>().Fill(1000 + number);
                }

                if (span.IndexOfAnyExcept(number) >= 0 || held.AsSpan<int>().IndexOfAnyExcept(-number) >= 0)
                {
                    Interlocked.Increment(ref failures);
                }
            }
        })).ToArray();
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
        Assert.Equal(0, failures);
    }

    [Fact]
    public void ABufferRevivedByAFinalizerIsDisposed()
    {
        Revive();
        for (var i = 0; i < 20 && Reviver.Revived is null; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        var revived = Reviver.Revived;
        Assert.NotNull(revived);
        Assert.True(SpinWait.SpinUntil(() => revived.IsDisposed, TimeSpan.FromSeconds(10)));
        Assert.Throws<ObjectDisposedException>(() => revived.Address);
        Assert.Throws<ObjectDisposedException>(() => revived.AsSpan<byte>().Length);
    }

    [Fact]
    public void DroppedBuffersLeaveTheAccount()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        var before = CpuBuffer.BytesInUse;
        Drop();
        GC.Collect();
        GC.WaitForPendingFinalizers();
        Assert.True(CpuBuffer.BytesInUse <= before);
    }

    [Fact]
    public void ExhaustionOfTheBudgetIsAnErrorThatSaysWhatToDoAndTheNextRequestWorks()
    {
        WithinBudget(8 << 20, () =>
        {
            var exhaustion = Assert.Throws<InsufficientMemoryException>(() => CpuBuffer.Allocate(64 << 20));
            Assert.Contains("64 MiB asked", exhaustion.Message, StringComparison.Ordinal);
            Assert.Contains("dispose tensors", exhaustion.Message, StringComparison.Ordinal);
            using var small = CpuBuffer.Allocate(1 << 20);
            small.AsSpan<byte>().Fill(1);
        });
    }

    [Fact]
    public void DroppedBuffersAreCollectedBeforeTheBudgetIsCalledExhausted()
    {
        WithinBudget(64 << 20, () =>
        {
            for (var i = 0; i < 100; i++)
            {
                Drop();
            }
        });
    }

    [Fact]
    public void WhatIsFoundDroppedCountsAgainstTheBudgetToo()
    {
        WithinBudget(64 << 20, () =>
        {
            using var held = CpuBuffer.Allocate(28 << 20);
            for (var i = 0; i < 20; i++)
            {
                _ = DropOne(isSpanned: true, bytes: 20 << 20);
                using var next = CpuBuffer.Allocate(28 << 20);
                Assert.InRange(CpuBuffer.BytesInUse + CpuBuffer.BytesPooled, 0, CpuBuffer.Budget);
            }
        });
    }

    [Fact]
    public void ALengthBeyondAnyMachineIsAnErrorNotACrash()
    {
        Assert.Throws<InsufficientMemoryException>(() => CpuBuffer.Allocate(long.MaxValue - 1000));
        Assert.Throws<InsufficientMemoryException>(() => CpuBuffer.Allocate(1L << 46));
        Assert.Throws<ArgumentOutOfRangeException>(() => CpuBuffer.Allocate(-1));
    }

    [Fact]
    public void ForeignMemoryIsReleasedOnceByDisposeAndByNothingElse()
    {
        var owner = GC.AllocateUninitializedArray<int>(100, pinned: true);
        var released = 0;
        unsafe
        {
            var address = (nint)Unsafe.AsPointer(ref owner[0]);
            var buffer = CpuBuffer.Wrap(address, 400, () => released++);
            Assert.True(buffer.IsForeign);
            Assert.Equal(address, buffer.Address);
            buffer.AsSpan<int>().Fill(9);
            GC.Collect();
            GC.WaitForPendingFinalizers();
            Assert.Equal(0, released);
            buffer.Dispose();
            buffer.Dispose();
        }

        Assert.Equal(1, released);
        Assert.All(owner, value => Assert.Equal(9, value));
        Assert.Throws<ArgumentNullException>(() => CpuBuffer.Wrap(0, 4));
    }

    [Fact]
    public void ThePoolSurvivesThreadsThatRentAndReturnAtOnce()
    {
        Workers.For(64, block =>
        {
            for (var i = 0; i < 200; i++)
            {
                using var buffer = CpuBuffer.Allocate(64 << (i % 8));
                var span = buffer.AsSpan<int>();
                span.Fill(block);
                Assert.Equal(-1, span.IndexOfAnyExcept(block));
            }
        });
    }

    /// <summary>Runs a test with so much more memory than is in use.</summary>
    private static void WithinBudget(long bytes, Action test)
    {
        EmptyPool();
        var budget = CpuBuffer.Budget;
        try
        {
            CpuBuffer.Budget = CpuBuffer.BytesInUse + bytes;
            test();
        }
        finally
        {
            CpuBuffer.Budget = budget;
        }
    }

    /// <summary>Lets go of what earlier tests left: a spanned buffer that was dropped takes more than one collection.</summary>
    private static void EmptyPool()
    {
        for (var i = 0; i < 3; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        CpuBuffer.TrimPool();
    }

    private static Span<int> Fill(Span<int> span)
    {
        span.Fill(7);
        return span;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static nint DropOne(bool isSpanned, int bytes = 3 << 20)
    {
        var buffer = CpuBuffer.Allocate(bytes);
        if (isSpanned)
        {
            buffer.AsSpan<byte>()[0] = 1;
        }

        return buffer.Address;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Revive() => _ = new Reviver(CpuBuffer.Allocate(1 << 20));

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Drop() => CpuBuffer.Allocate(16 << 20).AsSpan<byte>()[0] = 1;

    private sealed class Reviver(CpuBuffer buffer)
    {
        ~Reviver() => Revived = buffer;

        public static CpuBuffer? Revived { get; private set; }
    }
}
