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

    [Theory]
    [InlineData(100)]
    [InlineData(3000)]
    [InlineData(Length)]
    public void ASpanKeepsElementsOfEveryTypeAliveWhoseTensorsAreDropped(int length)
    {
        for (int turn = 0; turn < 12; turn++)
        {
            ReadOnlySpan<byte> bytes = Filled(length, turn, DType.UInt8)[(length / 3)..].AsSpan<byte>();
            ReadOnlySpan<sbyte> signed = (Filled(length, turn, DType.Int8) + 1).Reshape(2, -1)[1].AsSpan<sbyte>();
            ReadOnlySpan<Half> halves = (Filled(length, turn, DType.Float16) * 2).Unsqueeze(0).AsSpan<Half>();
            ReadOnlySpan<bool> truths = (Filled(length, turn, DType.UInt8) > 100)[1..^1].AsSpan<bool>();
            ReadOnlySpan<long> integers = Filled(length, turn, DType.Int64)[^5..].AsSpan<long>();
            ReadOnlyMemory<Half> memory = Filled(length, turn, DType.Float16)[7..].AsMemory<Half>();
            ReadOnlySpan<int> same = Filled(length, turn, DType.Int32).Reshape(length).Contiguous().To(DType.Int32).AsSpan<int>();
            for (int other = 0; other < 4; other++)
            {
                // What is dropped now gets its memory where the spans' would be if they did not hold it.
                Filled(length, 99, DType.UInt8);
                Filled(length, 99, DType.Float16);
                Filled(length, 99, DType.Int64);
                GC.Collect(other % 3);
                GC.WaitForPendingFinalizers();
            }

            Assert.Equal(-1, bytes.IndexOfAnyExcept((byte)turn));
            Assert.Equal(-1, signed.IndexOfAnyExcept((sbyte)(turn + 1)));
            Assert.Equal(-1, halves.IndexOfAnyExcept((Half)(turn * 2)));
            Assert.Equal(-1, truths.IndexOfAnyExcept(false));
            Assert.Equal(-1, integers.IndexOfAnyExcept(turn));
            Assert.Equal(-1, memory.Span.IndexOfAnyExcept((Half)turn));
            Assert.Equal(-1, same.IndexOfAnyExcept(turn));
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void ManySmallOperationsStayBounded(bool isScoped) => RunSmallOperations(2_000, isScoped);

    [Theory]
    [Trait("Category", "Long")]
    [InlineData(false)]
    [InlineData(true)]
    public void AMillionSmallOperationsStayBounded(bool isScoped) => RunSmallOperations(50_000, isScoped);

    /// <summary>Turns of about twenty operations on small tensors, whose results are dropped.</summary>
    private static void RunSmallOperations(int turns, bool isScoped)
    {
        Tensor weights = Tensor.Random(1).Normal((24, 24)).Realize();
        Tensor parameter = Tensor.Zeros(24).Realize();
        for (int turn = 0; turn < 200; turn++)
        {
            RunTurn(weights, parameter, turn, isScoped);
        }

        long before = Environment.WorkingSet;
        long managed = GC.GetTotalMemory(forceFullCollection: true);
        long inUse = CpuBuffer.BytesInUse;
        for (int turn = 0; turn < turns; turn++)
        {
            RunTurn(weights, parameter, turn, isScoped);
        }

        Assert.InRange(Environment.WorkingSet - before, long.MinValue, 400 << 20);
        Assert.InRange(CpuBuffer.BytesInUse - inUse, long.MinValue, 200 << 20);
        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - managed, long.MinValue, 50 << 20);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void RunTurn(Tensor weights, Tensor parameter, int turn, bool isScoped)
    {
        using TensorScope? scope = isScoped ? Tensor.Scope() : null;
        Tensor leaf = parameter.Detach().Clone();
        leaf.RequiresGrad = true;
        Tensor hidden = (weights.MatMul(weights.T) + leaf).Relu();
        Tensor loss = (hidden[2..^2, TensorIndex.Every(2)].Softmax() * turn).Mean() + hidden.Max(0).Sum() + weights.Sort().CumSum(1).Mean();
        loss.Backward();
        using (Tensor.NoGrad())
        {
            parameter.Assign(parameter - (leaf.Grad! * 1e-6));
        }

        Assert.True(float.IsFinite((float)loss));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Tensor Filled(int length, int number, DType type) => (Tensor.Full(length, number, type) + 0).Realize();

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Compute(Tensor x, int turn) => ((x * turn) + 1).Realize();

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Tensor Sum(float factor) => (Tensor.Full(Length, factor) + 1f).Realize();
}
