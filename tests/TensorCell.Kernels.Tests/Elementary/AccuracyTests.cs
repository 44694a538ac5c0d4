using TensorCell.Kernels.Ir;

namespace TensorCell.Kernels.Tests.Elementary;

/// <summary>Each elementary function against the runtime library's in double precision, over all magnitudes.</summary>
public sealed class AccuracyTests
{
    // A stride through all bit patterns, coprime to powers of two, so that every exponent and many mantissas are met.
    private const uint Stride32 = 20011;
    private const ulong Stride64 = 92233720368547;

    public static TheoryData<UnaryOperation> Operations => [.. Enum.GetValues<UnaryOperation>().Where(operation => operation >= UnaryOperation.ReciprocalSqrt)];

    [Theory]
    [MemberData(nameof(Operations))]
    public void Float32(UnaryOperation operation) => CheckFloat32(operation, Stride32);

    [Theory]
    [Trait("Category", "Long")]
    [MemberData(nameof(Operations))]
    public void EveryFloat32(UnaryOperation operation) => CheckFloat32(operation, 1);

    [Theory]
    [MemberData(nameof(Operations))]
    public void Float64(UnaryOperation operation)
    {
        var inputs = Float64Inputs(operation is UnaryOperation.Sin or UnaryOperation.Cos or UnaryOperation.Tan ? 1e15 : double.PositiveInfinity);
        var outputs = Launch.Map<double, double>(Function(operation, DType.Float64), inputs);
        var (worst, at) = (0.0, 0.0);
        for (var i = 0; i < inputs.Length; i++)
        {
            var error = Ulp.Of(outputs[i], Reference.Of(operation, inputs[i]));
            (worst, at) = error > worst || double.IsNaN(error) ? (error, inputs[i]) : (worst, at);
        }

        // The reference itself may be off by one.
        Assert.True(worst <= 5, $"{operation}({at:R}) = {outputs[Array.IndexOf(inputs, at)]:R}, {worst} ulp from {Reference.Of(operation, at):R}");
    }

    [Fact]
    public void PowerFloat32() => CheckBinary32(BinaryOperation.Pow, Math.Pow);

    [Fact]
    public void Atan2Float32() => CheckBinary32(BinaryOperation.Atan2, Math.Atan2);

    [Fact]
    public void HypotFloat32() => CheckBinary32(BinaryOperation.Hypot, double.Hypot);

    [Fact]
    public void PowerFloat64() => CheckBinary64(BinaryOperation.Pow, Math.Pow);

    [Fact]
    public void Atan2Float64() => CheckBinary64(BinaryOperation.Atan2, Math.Atan2);

    [Fact]
    public void HypotFloat64() => CheckBinary64(BinaryOperation.Hypot, double.Hypot);

    private static KernelFunction Function(UnaryOperation operation, DType type) =>
        KernelFunction.Create(operation.ToString(), [type], [], Node.Unary(operation, Node.Parameter(0, type)));

    private static KernelFunction Function(BinaryOperation operation, DType type) => KernelFunction.Create(
        operation.ToString(), [type, type], [], Node.Binary(operation, Node.Parameter(0, type), Node.Parameter(1, type)));

    private static void CheckFloat32(UnaryOperation operation, uint stride)
    {
        var function = Function(operation, DType.Float32);
        // Too few elements for a launch to share, since the launches themselves run beside each other.
        const int length = 1 << 14;
        var blocks = ((1L << 32) + ((long)length * stride) - 1) / ((long)length * stride);
        var worst = new WorstFloat32();
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
        TestContext.Current.TestOutputHelper?.WriteLine($"{operation}: {worst}");
        Assert.True(worst.Error <= 4, $"{operation}: {worst}, not {Reference.Of(operation, worst.Input):R}");
    }

    private static double[] Float64Inputs(double limit)
    {
        var inputs = new List<double> { 0, -0.0, 1, -1, 0.5, double.NaN, double.MaxValue, double.Epsilon };
        for (ulong bits = 0; bits < ulong.MaxValue - Stride64; bits += Stride64)
        {
            inputs.Add(BitConverter.UInt64BitsToDouble(bits));
        }

        // Most functions are interesting near 1 rather than at extreme magnitudes.
        var random = new Random(5);
        for (var i = 0; i < 200_000; i++)
        {
            inputs.Add((random.NextDouble() - 0.5) * Math.ScaleB(1, random.Next(-4, 12)));
        }

        if (double.IsInfinity(limit))
        {
            inputs.AddRange([double.PositiveInfinity, double.NegativeInfinity]);
        }

        return [.. inputs.Where(x => !(Math.Abs(x) > limit))];
    }

    private static void CheckBinary32(BinaryOperation operation, Func<double, double, double> reference)
    {
        var random = new Random(6);
        var special = new[] { 0f, -0f, 1, -1, 2, -2, 3, -3, 0.5f, float.PositiveInfinity, float.NegativeInfinity, float.NaN, float.Epsilon, float.MaxValue };
        var pairs = special.SelectMany(x => special, (x, y) => (x, y)).ToList();
        for (var i = 0; i < 300_000; i++)
        {
            pairs.Add(i % 3 == 0
                ? (BitConverter.Int32BitsToSingle(random.Next(int.MinValue, int.MaxValue)), BitConverter.Int32BitsToSingle(random.Next(int.MinValue, int.MaxValue)))
                : ((float)Math.Exp((random.NextDouble() - 0.5) * 20), (float)((random.NextDouble() - 0.5) * 30)));
        }

        var outputs = Launch.Map(Function(operation, DType.Float32), [.. pairs.Select(pair => pair.x)], [.. pairs.Select(pair => pair.y)]);
        for (var i = 0; i < outputs.Length; i++)
        {
            var (x, y) = pairs[i];
            var error = Ulp.Of(outputs[i], reference(x, y));
            Assert.True(error <= 4, $"{operation}({x:R}, {y:R}) = {outputs[i]:R}, {error} ulp from {reference(x, y):R}");
        }
    }

    private static void CheckBinary64(BinaryOperation operation, Func<double, double, double> reference)
    {
        var random = new Random(7);
        var special = new[] { 0.0, -0.0, 1, -1, 2, -2, 3, -3, 0.5, double.PositiveInfinity, double.NegativeInfinity, double.NaN, double.Epsilon, double.MaxValue };
        var pairs = special.SelectMany(x => special, (x, y) => (x, y)).ToList();
        for (var i = 0; i < 300_000; i++)
        {
            pairs.Add((i % 3) switch
            {
                0 => (BitConverter.Int64BitsToDouble(random.NextInt64(long.MinValue, long.MaxValue)), BitConverter.Int64BitsToDouble(random.NextInt64(long.MinValue, long.MaxValue))),
                1 => (Math.Exp((random.NextDouble() - 0.5) * 20), (random.NextDouble() - 0.5) * 130),
                _ => (1 + ((random.NextDouble() - 0.5) * 1e-3), (random.NextDouble() - 0.5) * 1e6),
            });
        }

        var outputs = Launch.Map(Function(operation, DType.Float64), [.. pairs.Select(pair => pair.x)], [.. pairs.Select(pair => pair.y)]);
        for (var i = 0; i < outputs.Length; i++)
        {
            var (x, y) = pairs[i];
            var error = Ulp.Of(outputs[i], reference(x, y));
            Assert.True(error <= 5, $"{operation}({x:R}, {y:R}) = {outputs[i]:R}, {error} ulp from {reference(x, y):R}");
        }
    }
}
