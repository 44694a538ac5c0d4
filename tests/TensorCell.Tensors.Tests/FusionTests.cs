using FsCheck;
using FsCheck.Fluent;
using TensorCell.Kernels;

namespace TensorCell.Tensors.Tests;

public sealed class FusionTests
{
    [Fact]
    public void FusedGraphsGiveWhatTheirStepsGive() => Prop.ForAll(
        ArbMap.Default.ArbFor<int>(),
        seed =>
        {
            double[] fused = Graph(seed, tensor => tensor);
            double[] unfused = Graph(seed, tensor => tensor.Realize());
            Assert.Equal(unfused.Length, fused.Length);
            for (int index = 0; index < fused.Length; index++)
            {
                double bound = 1e-11 * Math.Max(1, Math.Abs(unfused[index]));
                Assert.True(
                    fused[index].Equals(unfused[index]) || Math.Abs(fused[index] - unfused[index]) <= bound,
                    $"element {index}: {fused[index]:R} fused, {unfused[index]:R} step by step");
            }
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void AChainIsOneKernel()
    {
        Tensor a = Tensor.Random(1).Normal((64, 33)).Realize();
        Tensor x = Tensor.Random(2).Normal((64, 33)).Realize();
        Tensor b = Tensor.Random(3).Normal(33).Realize();
        using Trace trace = new();
        Tensor y = (((a * x) + b).Tanh() * 1.5) + x.Relu();
        Assert.True(y.IsPending);
        Assert.Empty(trace.Kernels);
        float[] result = y.ToArray<float>();
        TraceEvent kernel = Assert.Single(trace.Kernels);
        Assert.Equal(((3 * 64 * 33) + 33) * sizeof(float), kernel.Bytes);
        Assert.Equal(64 * 33, result.Length);
    }

    [Fact]
    public void AReductionTakesItsInputAlong()
    {
        Tensor x = Tensor.Random(1).Normal((40, 30)).Realize();
        using Trace trace = new();
        _ = ((x * 2) + 1).Square().Sum(1).Realize();
        Assert.Single(trace.Kernels);
    }

    [Fact]
    public void ASecondDemandStoresWhatItShares()
    {
        Tensor x = Tensor.Random(1).Normal(100).Realize();
        Tensor shared = x.Exp();
        Tensor first = (shared + 1).Realize();
        Assert.True(shared.IsPending);
        Tensor second = (shared * 2).Realize();
        Assert.False(shared.IsPending);
        using Trace trace = new();
        _ = (shared - 3).Realize();
        Assert.Single(trace.Kernels);
        Assert.Equal(shared.ToArray<float>().Select(number => number + 1), first.ToArray<float>());
        Assert.Equal(shared.ToArray<float>().Select(number => number * 2), second.ToArray<float>());
    }

    [Fact]
    public void RealizingSeveralComputesWhatTheyShareOnce()
    {
        Tensor x = Tensor.Random(1).Normal(100).Realize();
        Tensor shared = x.Exp();
        Tensor[] results = [shared + 1, shared * 2, shared - 3];
        using Trace trace = new();
        Tensor.RealizeAll(results);
        Assert.All(results, result => Assert.False(result.IsPending));
        Assert.False(shared.IsPending);
        Assert.Equal(3, trace.Kernels.Count);
        Assert.Equal(shared.ToArray<float>().Select(number => number * 2), results[1].ToArray<float>());
    }

    [Fact]
    public void AnotherScalarNeedsNoOtherKernel()
    {
        Tensor x = Tensor.Ones(1000).Clone();
        _ = ((x * 0.5) + 0.25).Realize();
        int compiled = 0;
        int thread = Environment.CurrentManagedThreadId;
        using IDisposable listening = Tracing.Listen(traceEvent =>
            compiled += traceEvent.Kind == TraceKind.Compile && Environment.CurrentManagedThreadId == thread ? 1 : 0);
        for (int step = 0; step < 20; step++)
        {
            float expected = (step / 10f) + step;
            Assert.Equal(expected, ((x * (step / 10.0)) + step).ToArray<float>()[7], 1e-5f);
        }

        Assert.Equal(0, compiled);
    }

    [Fact]
    public void AChainOf100000OperationsRuns()
    {
        Tensor x = Tensor.Zeros(3, DType.Float64).Clone();
        Tensor sum = x;
        for (int step = 0; step < 100_000; step++)
        {
            sum += 1;
        }

        Assert.Equal([100_000.0, 100_000, 100_000], sum.ToArray<double>());
    }

    [Fact]
    public void AWideTreeRuns()
    {
        Tensor[] terms = [.. Enumerable.Range(0, 300).Select(term => Tensor.Full(5, term, DType.Float64).Clone() * 2)];
        while (terms.Length > 1)
        {
            terms = [.. terms.Chunk(2).Select(pair => pair.Length == 2 ? pair[0] + pair[1] : pair[0])];
        }

        Assert.Equal(300 * 299, (double)terms[0][0]);
    }

    [Fact]
    public void SharedDiamondsDoNotMultiplyTheWork()
    {
        Tensor x = Tensor.Ones(4, DType.Float64).Clone();
        for (int level = 0; level < 1000; level++)
        {
            x = (x + x) * 0.5;
        }

        using Trace trace = new();
        Assert.Equal([1.0, 1, 1, 1], x.ToArray<double>());
        Assert.InRange(trace.Kernels.Count, 0, 10);
    }

    [Fact]
    public void TensorsAreReadFromSeveralThreads()
    {
        Tensor x = Tensor.Arange(5000);
        Tensor shared = (x * 2).Exp().Log() + 1;
        Tensor total = shared.Sum();
        Parallel.For(0, 32, index =>
        {
            Assert.Equal((2f * 20) + 1, (shared[20] + (index * 0)).Item<float>(), 1e-4f);
            Assert.Equal((float)total, (float)shared.Sum(), 100f);
        });
    }

    [Fact]
    public void AnInterruptedRunCanBeRunAgain()
    {
        Tensor pending = (Tensor.Random(1).Normal(100_000) * 2) + 1;
        using CancellationTokenSource source = new();
        source.Cancel();
        using (Interruption.Begin(source.Token))
        {
            Assert.Throws<OperationCanceledException>(() => pending.Realize());
        }

        Assert.True(pending.IsPending);
        Assert.Equal(100_000, pending.ToArray<float>().Length);
    }

    /// <summary>A random graph of elementwise operations, broadcasts, reductions and views, run with something done after each step.</summary>
    private static double[] Graph(int seed, Func<Tensor, Tensor> after)
    {
        Samples samples = new(seed);
        Random random = samples.Random;
        int[] shape = [random.Next(1, 6), random.Next(1, 20)];
        List<Tensor> tensors =
        [
            samples.Tensor(shape, DType.Float64, -2, 2).Tensor,
            samples.Tensor([shape[1]], DType.Float64, -2, 2).Tensor,
            samples.Tensor([shape[0], 1], DType.Float64, -2, 2).Tensor,
        ];
        int steps = random.Next(1, 40);
        for (int step = 0; step < steps; step++)
        {
            Tensor x = tensors[random.Next(tensors.Count)];
            Tensor y = tensors[random.Next(tensors.Count)];
            Tensor next = random.Next(14) switch
            {
                0 => x + y,
                1 => x - y,
                2 => (x * y).Tanh(),
                3 => Tensor.Maximum(x, y * 0.5),
                4 => Tensor.Where(x > y, x, -y),
                5 => x.Sin(),
                6 => (x * 0.25).Exp().Log1P(),
                7 => x.Relu() + 0.125,
                8 => x / (1 + y.Square()),
                9 => x.Rank == 2 ? x - x.Mean(1, keepDims: true) : x.Sigmoid(),
                10 => x.Rank == 2 ? x + y.Sum((Axes)(y.Rank - 1), keepDims: true).Tanh() : x * 2,
                11 => x.Rank == 2 ? x.Flip(0) : x.Flip(-1),
                12 => x.Contiguous(),
                _ => x.Abs().Sqrt(),
            };
            tensors.Add(after(next));
        }

        return [.. tensors.AsEnumerable().Reverse().Take(3).SelectMany(tensor => tensor.ToArray<double>())];
    }
}
