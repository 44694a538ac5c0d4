using TensorCell.Kernels.Ir;
using TensorCell.Kernels.Simd;

namespace TensorCell.Kernels.Tests.Simd;

/// <summary>Reductions over any dimensions, of any layout, against plain loops.</summary>
[Collection(nameof(EngineSettings))]
public sealed unsafe class ReductionTests
{
    public static TheoryData<ReduceOperation> Operations => [.. Enum.GetValues<ReduceOperation>()];

    [Theory]
    [MemberData(nameof(Operations))]
    public void EveryDimensionSetAgreesWithLoops(ReduceOperation operation)
    {
        var random = new Random(3);
        foreach (var shape in (long[][])[[7], [1], [3000], [40_000], [5, 9], [300, 700], [2, 3, 4], [3, 1, 65], [17, 40, 33], [2000, 3], [2, 3, 2, 5], [1, 1]])
        {
            for (var set = 0; set < 1 << shape.Length; set++)
            {
                var reduced = Enumerable.Range(0, shape.Length).Where(d => (set >> d & 1) != 0).ToArray();
                Check<float>(operation, shape, reduced, random, transposed: false);
                Check<double>(operation, shape, reduced, random, transposed: true);
                if (operation != ReduceOperation.Mean)
                {
                    Check<int>(operation, shape, reduced, random, transposed: false);
                    Check<long>(operation, shape, reduced, random, transposed: true);
                }
            }
        }
    }

    [Fact]
    public void FusedMapIsFolded()
    {
        var (x, y) = (Node.Parameter(0, DType.Float32), Node.Parameter(1, DType.Float32));
        var map = KernelFunction.Create("product", [DType.Float32, DType.Float32], [DType.Float32], Node.Binary(
            BinaryOperation.Multiply, Node.Binary(BinaryOperation.Multiply, x, y), Node.Uniform(0, DType.Float32)));
        var values = Enumerable.Range(0, 10_007).Select(i => (i % 100) - 50f).ToArray();
        var result = 0f;
        fixed (float* source = values)
        {
            Operand[] inputs = [Launch.Contiguous(source), new((nint)source, DType.Float32, [0])];
            Reduction.Run(map, ReduceOperation.Sum, [values.Length], [0], inputs, Launch.Contiguous(&result), [2f]);
        }

        Assert.Equal((float)(values.Sum(value => (double)value) * values[0] * 2), result);
    }

    [Fact]
    public void NaNWins()
    {
        foreach (var place in (int[])[0, 5, 2047, 2048, 39_999])
        {
            var values = Enumerable.Range(0, 40_000).Select(i => (float)i).ToArray();
            values[place] = float.NaN;
            values[39_999] = float.NaN;
            Assert.Equal(float.NaN, Fold<float, float>(ReduceOperation.Max, values));
            Assert.Equal(float.NaN, Fold<float, float>(ReduceOperation.Min, values));
            Assert.Equal(place, Fold<float, long>(ReduceOperation.ArgMax, values));
            Assert.Equal(place, Fold<float, long>(ReduceOperation.ArgMin, values));
        }
    }

    [Fact]
    public void FirstExtremeWins()
    {
        var values = Enumerable.Range(0, 50_000).Select(i => i % 1000).ToArray();
        Assert.Equal(999, Fold<int, long>(ReduceOperation.ArgMax, values));
        Assert.Equal(0, Fold<int, long>(ReduceOperation.ArgMin, values));
        Assert.Equal(0, Fold<float, long>(ReduceOperation.ArgMax, [.. Enumerable.Repeat(float.NegativeInfinity, 100)]));
    }

    [Fact]
    public void NothingToReduce()
    {
        Assert.Equal(0f, Fold<float, float>(ReduceOperation.Sum, []));
        Assert.Equal(float.NaN, Fold<float, float>(ReduceOperation.Mean, []));
        Assert.Contains("no values", Assert.Throws<ArgumentException>(() => Fold<float, float>(ReduceOperation.Max, [])).Message);
    }

    [Fact]
    public void ThreadsDoNotChangeTheSum()
    {
        var random = new Random(4);
        var values = Enumerable.Range(0, 3_000_000).Select(_ => random.NextDouble() - 0.5).ToArray();
        var before = Workers.ThreadCount;
        try
        {
            Workers.ThreadCount = 1;
            var alone = Fold<double, double>(ReduceOperation.Sum, values);
            foreach (var threads in (int[])[2, 3, 4])
            {
                Workers.ThreadCount = threads;
                Assert.Equal(alone, Fold<double, double>(ReduceOperation.Sum, values));
            }
        }
        finally
        {
            Workers.ThreadCount = before;
        }
    }

    [Fact]
    public void SumsOfSinglesAreAsAccurateAsTheirRoundingWhateverTheThreads()
    {
        var random = new Random(5);
        foreach (var count in (int[])[127, 128, 129, 40_000, 1_000_003])
        {
            var values = Enumerable.Range(0, count).Select(_ => (float)((random.NextDouble() - 0.3) * Math.ScaleB(1, random.Next(-8, 8)))).ToArray();
            var exact = values.Sum(value => (double)value);
            var results = new HashSet<float>();
            foreach (var threads in (int[])[1, 2, 3])
            {
                using var settings = new EngineSettings(VectorWidth.Bits, contraction: true, threads);
                results.Add(Fold<float, float>(ReduceOperation.Sum, values));
            }

            Assert.InRange(Assert.Single(results), exact - (Math.Abs(exact) * 2e-7), exact + (Math.Abs(exact) * 2e-7));
        }
    }

    [Fact]
    public void PartialSumsDoNotOverflow()
    {
        var values = Enumerable.Range(0, 70_000).Select(i => i % 4096 < 2048 ? 3e38f : -3e38f).ToArray();
        var mean = values.Average(value => (double)value);
        Assert.Equal(mean, Fold<float, float>(ReduceOperation.Mean, values), Math.Abs(mean) * 1e-6);
        Assert.Equal(float.PositiveInfinity, Fold<float, float>(ReduceOperation.Sum, [.. values, float.PositiveInfinity]));
    }

    private static TResult Fold<T, TResult>(ReduceOperation operation, T[] values)
        where T : unmanaged
        where TResult : unmanaged
    {
        var type = DTypes.Of<T>();
        TResult result;
        fixed (T* source = values)
        {
            Reduction.Run(
                KernelFunction.Create("values", [type], [], Node.Parameter(0, type)), operation, [values.Length], [0],
                [Launch.Contiguous(source)], Launch.Contiguous(&result), []);
        }

        return result;
    }

    private static void Check<T>(ReduceOperation operation, long[] shape, int[] reduced, Random random, bool transposed)
        where T : unmanaged, System.Numerics.INumber<T>
    {
        var count = (int)shape.Aggregate(1L, (product, length) => product * length);
        var values = Enumerable.Range(0, count).Select(_ => T.CreateTruncating(random.Next(-1000, 1000))).ToArray();
        var type = DTypes.Of<T>();
        var strides = Strides(shape, sizeof(T), transposed);
        var isIndex = operation is ReduceOperation.ArgMax or ReduceOperation.ArgMin;
        var keptShape = shape.Select((length, d) => reduced.Contains(d) ? 1 : length).ToArray();
        var results = new double[count];
        var outputType = isIndex ? DType.Int64 : type;
        var outputStrides = Strides(keptShape, outputType.Size, transposed: false);
        fixed (T* source = values)
        fixed (double* target = results)
        {
            Reduction.Run(
                KernelFunction.Create("values", [type], [], Node.Parameter(0, type)), operation, shape, reduced,
                [new((nint)source, type, strides)], new((nint)target, outputType, outputStrides), []);
            foreach (var (offset, members) in Members(shape, strides, outputStrides, reduced))
            {
                var wanted = operation switch
                {
                    ReduceOperation.Sum => members.Sum(member => double.CreateChecked(values[member / sizeof(T)])),
                    ReduceOperation.Mean => members.Average(member => double.CreateChecked(values[member / sizeof(T)])),
                    ReduceOperation.Max => members.Max(member => double.CreateChecked(values[member / sizeof(T)])),
                    ReduceOperation.Min => members.Min(member => double.CreateChecked(values[member / sizeof(T)])),
                    ReduceOperation.ArgMax => members.Index().MaxBy(pair => values[pair.Item / sizeof(T)]).Index,
                    _ => members.Index().MinBy(pair => values[pair.Item / sizeof(T)]).Index,
                };
                var address = (byte*)target + offset;
                var got = outputType switch
                {
                    DType.Float32 => *(float*)address,
                    DType.Float64 => *(double*)address,
                    DType.Int32 => *(int*)address,
                    _ => (double)*(long*)address,
                };
                wanted = outputType == DType.Float32 ? (float)wanted : wanted;
                Assert.True(Math.Abs(wanted - got) <= 1e-12 * Math.Abs(wanted), $"{operation} of [{string.Join(", ", shape)}] over [{string.Join(", ", reduced)}] {type}: {got} instead of {wanted}");
            }
        }
    }

    private static IEnumerable<(long Offset, List<long> Members)> Members(long[] shape, long[] strides, long[] outputStrides, int[] reduced)
    {
        var groups = new Dictionary<long, List<long>>();
        var count = shape.Aggregate(1L, (product, length) => product * length);
        for (long flat = 0; flat < count; flat++)
        {
            long rest = flat, offset = 0, output = 0;
            for (var d = shape.Length - 1; d >= 0; d--)
            {
                offset += rest % shape[d] * strides[d];
                output += reduced.Contains(d) ? 0 : rest % shape[d] * outputStrides[d];
                rest /= shape[d];
            }

            if (!groups.TryGetValue(output, out var members))
            {
                groups.Add(output, members = []);
            }

            members.Add(offset);
        }

        return groups.Select(group => (group.Key, group.Value));
    }

    private static long[] Strides(long[] shape, long size, bool transposed)
    {
        var strides = new long[shape.Length];
        for (var i = 0; i < shape.Length; i++)
        {
            var d = transposed ? i : shape.Length - 1 - i;
            strides[d] = size;
            size *= shape[d];
        }

        return strides;
    }
}
