using TensorCell.Kernels.Elementary;
using TensorCell.Kernels.Ir;

namespace TensorCell.Kernels.Tests.Elementary;

/// <summary>Each elementary function within what it states, over numbers of every kind and magnitude.</summary>
public sealed class AccuracyTests
{
    // A stride through all bit patterns, coprime to powers of two, so that every exponent and many mantissas are met.
    private const uint Stride32 = 4099;

    private static readonly float[] special32 =
    [
        0, -0f, float.NaN, float.PositiveInfinity, float.NegativeInfinity, float.Epsilon, -float.Epsilon, float.MaxValue, float.MinValue,
        1.17549435e-38f, 1.1754942e-38f, 1, -1, 2, -2, 3, -3, 0.5f, 1e20f, -1e-20f,
    ];

    public static TheoryData<UnaryOperation> Operations => [.. Enum.GetValues<UnaryOperation>().Where(operation => operation >= UnaryOperation.ReciprocalSqrt)];

    public static TheoryData<BinaryOperation> BinaryOperations => [BinaryOperation.Pow, BinaryOperation.Atan2, BinaryOperation.Hypot];

    [Theory]
    [MemberData(nameof(Operations))]
    public void Float32(UnaryOperation operation) => CheckFloat32(operation, Stride32);

    [Theory]
    [Trait("Category", "Long")]
    [MemberData(nameof(Operations))]
    public void EveryFloat32(UnaryOperation operation) => CheckFloat32(operation, 1);

    [Fact]
    public void Erf_ends_at_one()
    {
        // Or what is made of its difference from 1, such as GELU, would not end at 0.
        float[] inputs = [3.92f, 4, 5.5f, 1e10f, float.MaxValue, float.PositiveInfinity];
        var function = ElementaryKernels.Of(UnaryOperation.Erf, DType.Float32);
        Assert.All(Launch.Map<float, float>(function, inputs), result => Assert.Equal(1, result));
        Assert.All(Launch.Map<float, float>(function, [.. inputs.Select(x => -x)]), result => Assert.Equal(-1, result));
    }

    [Theory]
    [MemberData(nameof(Operations))]
    public void Float64(UnaryOperation operation) => CheckFloat64(operation, 20, 5);

    [Theory]
    [Trait("Category", "Long")]
    [MemberData(nameof(Operations))]
    public void ManyFloat64(UnaryOperation operation) => CheckFloat64(operation, 1000, 15);

    [Theory]
    [MemberData(nameof(BinaryOperations))]
    public void BinaryFloat32(BinaryOperation operation) => CheckBinary32(operation, 300_000, 6);

    [Theory]
    [Trait("Category", "Long")]
    [MemberData(nameof(BinaryOperations))]
    public void ManyBinaryFloat32(BinaryOperation operation) => CheckBinary32(operation, 30_000_000, 16);

    [Theory]
    [MemberData(nameof(BinaryOperations))]
    public void BinaryFloat64(BinaryOperation operation) => CheckBinary64(operation, 300_000, 7);

    [Theory]
    [Trait("Category", "Long")]
    [MemberData(nameof(BinaryOperations))]
    public void ManyBinaryFloat64(BinaryOperation operation) => CheckBinary64(operation, 10_000_000, 17);

    private static void CheckFloat32(UnaryOperation operation, uint stride)
    {
        var function = ElementaryKernels.Of(operation, DType.Float32);
        // Too few elements for a launch to share, since the launches themselves run beside each other.
        const int length = 1 << 14;
        var blocks = ((1L << 32) + ((long)length * stride) - 1) / ((long)length * stride);
        var worst = new WorstFloat32();
        worst.Add(operation, special32, Launch.Map<float, float>(function, special32));
        Parallel.For(
            0L, blocks,
            () => (Inputs: new float[length], Outputs: new float[length], Worst: new WorstFloat32()),
            (block, _, own) =>
            {
                for (var i = 0; i < length; i++)
                {
                    own.Inputs[i] = BitConverter.UInt32BitsToSingle((uint)((ulong)((block * length) + i) * stride));
                }

                Launch.MapInto(function, own.Inputs, own.Outputs);
                own.Worst.Add(operation, own.Inputs, own.Outputs);
                return own;
            },
            own =>
            {
                lock (worst)
                {
                    worst.Add(own.Worst);
                }
            });
        var bound = ElementaryFunctions.BoundOf(operation.ToString(), DType.Float32);
        TestContext.Current.TestOutputHelper?.WriteLine($"{operation} f32: {worst} (bound {bound:G4})");
        Assert.True(worst.Error <= bound, $"{operation}: {worst}, not {Reference.Of(operation, worst.Input):R}, beyond {bound} ulp");
    }

    private static void CheckFloat64(UnaryOperation operation, int perExponent, int seed)
    {
        var inputs = Float64Inputs.Dense(perExponent, new Random(seed));
        var outputs = Launch.Map<double, double>(ElementaryKernels.Of(operation, DType.Float64), inputs);
        Check(operation.ToString(), inputs.Length, i => ExactReference.Of(operation, inputs[i]), i => outputs[i], i => $"{inputs[i]:R}");
    }

    private static void CheckBinary32(BinaryOperation operation, int count, int seed)
    {
        var random = new Random(seed);
        var pairs = special32.SelectMany(x => special32, (x, y) => (x, y)).ToList();
        for (var i = 0; i < count; i++)
        {
            var (x, y) = (BitConverter.Int32BitsToSingle(random.Next(int.MinValue, int.MaxValue)), BitConverter.Int32BitsToSingle(random.Next(int.MinValue, int.MaxValue)));
            pairs.Add((i % 4) switch
            {
                0 => (x, y),
                1 => (x, x * (float)random.NextDouble()),
                2 => (x, (float)((random.NextDouble() - 0.5) * 300 / Math.Log(Math.Abs((double)x)))),
                _ => ((float)Math.Exp((random.NextDouble() - 0.5) * 20), (float)((random.NextDouble() - 0.5) * 30)),
            });
        }

        var outputs = Launch.Map(ElementaryKernels.Of(operation, DType.Float32), [.. pairs.Select(pair => pair.x)], [.. pairs.Select(pair => pair.y)]);
        var bound = ElementaryFunctions.BoundOf(operation.ToString(), DType.Float32);
        var (worst, at) = (0.0, pairs[0]);
        for (var i = 0; i < outputs.Length; i++)
        {
            var (x, y) = pairs[i];
            var reference = operation switch
            {
                BinaryOperation.Pow => Math.Pow(x, y),
                BinaryOperation.Atan2 => Math.Atan2(x, y),
                _ => double.Hypot(x, y),
            };
            var error = outputs[i] == 0 && double.IsNegative(reference) != float.IsNegative(outputs[i]) ? double.PositiveInfinity : Ulp.Of(outputs[i], reference);
            Assert.True(error <= bound, $"{operation}({x:R}, {y:R}) = {outputs[i]:R}, {error} ulp from {reference:R}, beyond {bound}");
            (worst, at) = error > worst ? (error, pairs[i]) : (worst, at);
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{operation} f32: {worst:F4} ulp at {at} (bound {bound:G4})");
    }

    private static void CheckBinary64(BinaryOperation operation, int count, int seed)
    {
        var random = new Random(seed);
        var pairs = Float64Inputs.Special.SelectMany(x => Float64Inputs.Special, (x, y) => (x, y)).ToList();
        for (var i = 0; i < count; i++)
        {
            var (x, y) = (BitConverter.Int64BitsToDouble(random.NextInt64(long.MinValue, long.MaxValue)), BitConverter.Int64BitsToDouble(random.NextInt64(long.MinValue, long.MaxValue)));
            pairs.Add((i % 7) switch
            {
                0 => (x, y),
                // Of one magnitude, at every one.
                1 => (x, x * (random.NextDouble() + 0.5)),
                2 => (x, x * Math.ScaleB(random.NextDouble(), -random.Next(110))),
                // Powers over the whole range of results.
                3 => (x, (random.NextDouble() - 0.5) * 1500 / Math.Log(Math.Abs(x))),
                4 => (Math.Exp((random.NextDouble() - 0.5) * 20), (random.NextDouble() - 0.5) * 130),
                5 => (1 + ((random.NextDouble() - 0.5) * Math.ScaleB(1, -random.Next(45))), (random.NextDouble() - 0.5) * Math.ScaleB(1, random.Next(60))),
                _ => (random.Next(-50, 50), random.Next(-330, 330)),
            });
        }

        var outputs = Launch.Map(ElementaryKernels.Of(operation, DType.Float64), [.. pairs.Select(pair => pair.x)], [.. pairs.Select(pair => pair.y)]);
        Check(operation.ToString(), pairs.Count, i => ExactReference.Of(operation, pairs[i].x, pairs[i].y), i => outputs[i], i => $"{pairs[i].x:R}, {pairs[i].y:R}");
    }

    private static void Check(string name, int count, Func<int, ExactValue> reference, Func<int, double> output, Func<int, string> arguments)
    {
        var (worst, at) = (0.0, 0);
        Parallel.For(0, count, () => (Error: 0.0, Index: 0), (i, _, own) =>
        {
            var error = reference(i).UlpTo(output(i));
            return error <= own.Error ? own : (error, i);
        }, own =>
        {
            lock (name)
            {
                (worst, at) = own.Error <= worst ? (worst, at) : own;
            }
        });
        var bound = ElementaryFunctions.BoundOf(name, DType.Float64);
        var found = $"{name}({arguments(at)}) = {output(at):R} is {worst:F4} ulp from {reference(at)}";
        TestContext.Current.TestOutputHelper?.WriteLine($"f64 {found} (bound {bound:G4})");
        Assert.True(worst <= bound, $"{found}, beyond {bound}");
    }
}
