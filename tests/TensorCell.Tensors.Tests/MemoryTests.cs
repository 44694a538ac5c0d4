using System.Runtime.CompilerServices;
using TensorCell.Kernels;

namespace TensorCell.Tensors.Tests;

/// <summary>Memory of tensors that are dropped: used again soon, but never while somebody still reads it.</summary>
[Collection(nameof(EngineSettings))]
public sealed class MemoryTests
{
    private const int Length = 1 << 18;

    [Fact]
    public void ALoopThatDropsItsResultsStaysBounded()
    {
        Tensor x = Tensor.Arange(Length).To(DType.Float32).Realize();
        CpuBuffer.TrimPool();
        long before = CpuBuffer.BytesInUse;
        CpuBuffer.ResetPeak();
        for (int turn = 0; turn < 3000; turn++)
        {
            Compute(x, turn);
        }

        // Three thousand results are 3 GB.
        Assert.InRange(CpuBuffer.PeakBytesInUse - before, 0, 600 << 20);
    }

    [Fact]
    public void EveryoneReadsWhatWasComputedWhileOthersDropAndCollect()
    {
        int failures = 0;
        Thread[] threads = [.. Enumerable.Range(1, 4).Select(number => new Thread(() =>
        {
            Random random = new(number);
            for (int turn = 0; turn < 120; turn++)
            {
                float factor = (number * 1000) + turn;
                ReadOnlySpan<float> span = Sum(factor).AsSpan<float>();
                Tensor pending = Tensor.Ones(Length) * factor;
                if (turn % 8 == number)
                {
                    GC.Collect(random.Next(3));
                }

                Tensor product = (Tensor.Full((64, 64), factor).MatMul(Tensor.Eye(64)) + Sum(factor)[..64]).Realize();
                float[] array = (pending * 2).ToArray<float>();
                if (span.IndexOfAnyExcept(factor + 1) >= 0
                    || array.AsSpan().IndexOfAnyExcept(factor * 2) >= 0
                    || product.ToArray<float>().AsSpan().IndexOfAnyExcept(factor + factor + 1) >= 0)
                {
                    Interlocked.Increment(ref failures);
                }
            }
        }))];
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
        Assert.Equal(0, failures);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Compute(Tensor x, int turn) => ((x * turn) + 1).Realize();

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Tensor Sum(float factor) => (Tensor.Full(Length, factor) + 1f).Realize();
}
