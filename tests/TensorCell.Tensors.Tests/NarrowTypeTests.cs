using TensorCell.Kernels;
using TensorCell.Kernels.Simd;

namespace TensorCell.Tensors.Tests;

/// <summary>Element types narrower than what kernels compute in: u8, i8, f16, bf16.</summary>
[Collection(nameof(EngineSettings))]
public sealed class NarrowTypeTests
{
    private static readonly Dictionary<string, (Func<Tensor, Tensor, Tensor> Apply, Func<double, double, double> Reference)> operations = new()
    {
        ["+"] = ((x, y) => x + y, (x, y) => x + y),
        ["-"] = ((x, y) => x - y, (x, y) => x - y),
        ["*"] = ((x, y) => x * y, (x, y) => x * y),
        ["%"] = ((x, y) => x % y, (x, y) => x % y),
        ["modulo"] = ((x, y) => x.Modulo(y), (x, y) => x - (y * Math.Floor(x / y))),
        ["floordivide"] = ((x, y) => x.FloorDivide(y), (x, y) => Math.Floor(x / y)),
        ["minimum"] = (Tensor.Minimum, Math.Min),
        ["maximum"] = (Tensor.Maximum, Math.Max),
    };

    public static TheoryData<string, DType, DType> Cases()
    {
        TheoryData<string, DType, DType> cases = [];
        DType[] types = [DType.Bool, DType.UInt8, DType.Int8, DType.Float16, DType.BFloat16, DType.Float32, DType.Int64];
        foreach (string name in operations.Keys)
        {
            foreach (DType left in types)
            {
                foreach (DType right in types)
                {
                    DType type = Promotion.Of(left, right);
                    if (type != DType.Bool && type.Computed != type)
                    {
                        cases.Add(name, left, right);
                    }
                }
            }
        }

        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void WrapAndRoundAsNumPyDoes(string name, DType left, DType right)
    {
        var (apply, reference) = operations[name];
        Samples samples = new(name[0] + (int)left + (int)right);
        for (int trial = 0; trial < 4; trial++)
        {
            int[] shape = samples.Shape();
            Sample x = samples.Tensor(samples.BroadcastableTo(shape), left, left == DType.Int8 ? -128 : 0, left == DType.Int8 ? 127 : 255);
            Sample y = samples.Tensor(samples.BroadcastableTo(shape), right, 1, right == DType.Int8 ? 127 : 255);
            DType type = Promotion.Of(left, right);
            double[] expected = [.. Reference.Map(values => Narrow(type, reference(values[0], values[1])), x, y)];
            Reference.AssertClose(expected, Reference.Broadcast(x.Shape, y.Shape), type, apply(x.Tensor, y.Tensor), tolerance: 0);
        }
    }

    [Theory]
    [InlineData(DType.UInt8)]
    [InlineData(DType.Int8)]
    [InlineData(DType.Float16)]
    [InlineData(DType.BFloat16)]
    public void AChainGivesWhatItsStepsDo(DType type)
    {
        Samples samples = new((int)type);
        for (int trial = 0; trial < 10; trial++)
        {
            Sample x = samples.Tensor(samples.Shape(), type, 1, 120);
            Tensor fused = ((x.Tensor * x.Tensor) + x.Tensor - (3 * x.Tensor)) * 2;
            Tensor square = (x.Tensor * x.Tensor).Realize();
            Tensor sum = (square + x.Tensor).Realize();
            Tensor triple = (3 * x.Tensor).Realize();
            Tensor difference = (sum - triple).Realize();
            Assert.Equal((difference * 2).To(DType.Float64).ToArray<double>(), fused.To(DType.Float64).ToArray<double>());
            Assert.Equal(type, fused.DType);
        }
    }

    [Theory]
    [InlineData(128)]
    [InlineData(256)]
    [InlineData(512)]
    public void EveryHalfConvertsExactly(int bits)
    {
        int before = VectorWidth.Bits;
        VectorWidth.Bits = bits;
        Half[] halves = [.. Enumerable.Range(0, 1 << 16).Select(index => BitConverter.UInt16BitsToHalf((ushort)index))];
        try
        {
            Tensor tensor = Tensor.From(halves);
            AssertSame([.. halves.Select(half => (double)half)], tensor.To(DType.Float64));
            AssertSame([.. halves.Select(half => (double)half)], tensor.To(DType.Float32).To(DType.Float64));
            Half[] back = tensor.To(DType.Float32).To(DType.Float16).ToArray<Half>();
            Half[] sums = (tensor + tensor).ToArray<Half>();
            for (int index = 0; index < halves.Length; index++)
            {
                Assert.Equal(halves[index], back[index]);
                Assert.Equal((Half)((float)halves[index] + (float)halves[index]), sums[index]);
            }
        }
        finally
        {
            VectorWidth.Bits = before;
        }
    }

    [Theory]
    [InlineData(DType.Float16, 128)]
    [InlineData(DType.Float16, 256)]
    [InlineData(DType.Float16, 512)]
    [InlineData(DType.BFloat16, 128)]
    [InlineData(DType.BFloat16, 256)]
    [InlineData(DType.BFloat16, 512)]
    public void EveryPatternIsRoundedBetweenSteps(DType type, int bits)
    {
        int before = VectorWidth.Bits;
        VectorWidth.Bits = bits;
        try
        {
            Half[] patterns = [.. Enumerable.Range(0, 1 << 16).Select(index => BitConverter.UInt16BitsToHalf((ushort)index))];
            double[] numbers = type == DType.Float16
                ? [.. patterns.Select(half => (double)half)]
                : [.. Enumerable.Range(0, 1 << 16).Select(index => (double)BitConverter.Int32BitsToSingle(index << 16))];
            Tensor tensor = (type == DType.Float16 ? Tensor.From(patterns) : Tensor.From([.. numbers.Select(number => (float)number)]).To(type)).Realize();
            AssertSame(numbers, tensor.To(DType.Float64));
            AssertSame([.. numbers.Select(number => Narrow(type, Narrow(type, (float)(number * number)) + 1))], ((tensor * tensor) + 1).To(DType.Float64));
            AssertSame([.. numbers.Select(number => Narrow(type, (float)(Narrow(type, (float)(number * 0.3125)) - number)))], ((tensor * 0.3125) - tensor).To(DType.Float64));
        }
        finally
        {
            VectorWidth.Bits = before;
        }
    }

    [Theory]
    [InlineData(DType.Float16, 128)]
    [InlineData(DType.Float16, 256)]
    [InlineData(DType.Float16, 512)]
    [InlineData(DType.BFloat16, 128)]
    [InlineData(DType.BFloat16, 256)]
    [InlineData(DType.BFloat16, 512)]
    public void EveryTieAndItsNeighboursAreRounded(DType type, int bits)
    {
        int before = VectorWidth.Bits;
        VectorWidth.Bits = bits;
        try
        {
            float[] numbers = new float[5 << 16];
            for (int pattern = 0; pattern < 1 << 16; pattern++)
            {
                float half = Value(pattern);
                float next = Value((pattern & 0x8000) | Math.Min(0x7FFF, (pattern & 0x7FFF) + 1));
                float middle = float.IsInfinity(next) && type == DType.Float16 ? MathF.CopySign(65520, next) : (half / 2) + (next / 2);
                float[] near = [half, middle, MathF.BitIncrement(middle), MathF.BitDecrement(middle), MathF.BitIncrement(half)];
                near.CopyTo(numbers, 5 * pattern);
            }

            Tensor tensor = Tensor.From(numbers).Realize();
            double[] expected = [.. numbers.Select(number => Narrow(type, number))];
            AssertSame(expected, tensor.To(type).Realize().To(DType.Float64));
            AssertSame([.. expected.Select(number => -number)], (-tensor.To(type)).To(DType.Float64));
            AssertSame(expected, (tensor.To(type) * 1).Realize().To(DType.Float64));
        }
        finally
        {
            VectorWidth.Bits = before;
        }

        float Value(int pattern) => type == DType.Float16
            ? (float)BitConverter.UInt16BitsToHalf((ushort)pattern)
            : BitConverter.Int32BitsToSingle(pattern << 16);
    }

    [Theory]
    [InlineData(DType.Float32)]
    [InlineData(DType.Float64)]
    [InlineData(DType.Int32)]
    [InlineData(DType.Int64)]
    public void RoundingToHalvesIsDoneOnce(DType from)
    {
        Random random = new(5);
        double[] numbers = new double[1 << 16];
        for (int index = 0; index < numbers.Length; index++)
        {
            // Around the middle between two halves, where a first rounding would decide the second.
            double half = (double)BitConverter.UInt16BitsToHalf((ushort)random.Next(0x7C00));
            double next = (double)Half.BitIncrement((Half)half);
            double middle = double.IsFinite(next) ? (half + next) / 2 : half;
            numbers[index] = (random.Next(2) == 0 ? -1 : 1) * random.Next(5) switch
            {
                0 => middle,
                1 => Math.BitIncrement(middle),
                2 => Math.BitDecrement(middle),
                3 => middle * (1 + (random.NextDouble() * 1e-7)),
                _ => Math.ScaleB(random.NextDouble(), random.Next(-30, 140)),
            };
        }

        numbers[0] = double.NaN;
        numbers[1] = double.PositiveInfinity;
        numbers[2] = double.NegativeInfinity;
        numbers[3] = double.MaxValue;
        Tensor tensor = Tensor.From(numbers).To(from).Realize();
        double[] given = tensor.To(DType.Float64).ToArray<double>();
        AssertSame([.. given.Select(number => (double)(Half)number)], tensor.To(DType.Float16).To(DType.Float64));
        AssertSame([.. given.Select(ToBFloat16)], tensor.To(DType.BFloat16).To(DType.Float64));
    }

    [Theory]
    [InlineData(DType.Float32)]
    [InlineData(DType.Float64)]
    public void RealNumbersSaturateInBytes(DType from)
    {
        double[] numbers = [-1e30, -129, -128.5, -1, -0.5, 0, 0.99, 127.9, 128, 255.5, 256, 1e30, double.NaN, double.PositiveInfinity];
        Tensor tensor = Tensor.From(numbers).To(from);
        Assert.Equal([0, 0, 0, 0, 0, 0, 0, 127, 128, 255, 255, 255, 0, 255], tensor.To(DType.UInt8).ToArray<byte>());
        Assert.Equal([-128, -128, -128, -1, 0, 0, 0, 127, 127, 127, 127, 127, 0, 127], tensor.To(DType.Int8).ToArray<sbyte>());
    }

    [Fact]
    public void IntegersWrapInBytes()
    {
        long[] numbers = [-1, 255, 256, 1000, 1L << 40, (1L << 40) + 7, long.MinValue, int.MaxValue];
        Assert.Equal(numbers.Select(number => (byte)number), Tensor.From(numbers).To(DType.UInt8).ToArray<byte>());
        Assert.Equal(numbers.Select(number => (sbyte)number), Tensor.From(numbers).To(DType.Int8).ToArray<sbyte>());
        Assert.Equal(numbers.Select(number => (byte)number), Tensor.From(numbers).To(DType.Int32).To(DType.UInt8).ToArray<byte>());
    }

    [Fact]
    public void ANumberIsRoundedToTheHalfItMeets()
    {
        Tensor tensor = Tensor.From(new[] { (Half)0.5f, (Half)2 });
        Assert.Equal([(Half)((float)(Half)0.1 + 0.5f), (Half)((float)(Half)0.1 + 2)], (tensor + 0.1).ToArray<Half>());
        Assert.Equal([true, false], tensor.To(DType.UInt8).EqualTo(0).ToArray<bool>());
    }

    [Fact]
    public void ReductionsOfNarrowTypes()
    {
        Samples samples = new(8);
        for (int trial = 0; trial < 20; trial++)
        {
            int[] shape = [.. samples.Shape(canBeEmpty: false), 3];
            foreach (DType type in new[] { DType.UInt8, DType.Int8, DType.Float16, DType.BFloat16 })
            {
                Sample x = samples.Tensor(shape, type, 0, 100);
                int[] kept = [.. shape.SkipLast(1)];
                int[] axes = [shape.Length - 1];
                DType sum = type.IsFloatingPoint ? type : DType.Int64;
                DType real = type.IsFloatingPoint ? type : DType.Float64;
                double mean(IReadOnlyList<double> row) => row.Average();
                Reference.AssertClose([.. Reference.Reduce(x, axes, row => row.Sum()).Select(value => Narrow(sum, value))], kept, sum, x.Tensor.Sum(-1), 0);
                Reference.AssertClose(Reference.Reduce(x, axes, row => row.Max()), kept, type, x.Tensor.Max(-1), 0);
                Reference.AssertClose(Reference.Reduce(x, axes, row => row.Min()), kept, type, x.Tensor.Min(-1), 0);
                Assert.Equal(real, x.Tensor.Mean(-1).DType);
                double unit = real == DType.Float16 ? Math.Pow(2, -11) : real == DType.BFloat16 ? Math.Pow(2, -8) : 1e-15;
                double[] variances = Reference.Reduce(x, axes, row => row.Select(value => (value - mean(row)) * (value - mean(row))).Average());
                Assert.All(variances.Zip(x.Tensor.Var(-1).To(DType.Float64).ToArray<double>()), pair => Assert.Equal(pair.First, pair.Second, 2 * unit * Math.Max(1, pair.First)));
            }
        }
    }

    [Fact]
    public void GradientsOfHalvesAreHalves()
    {
        Tensor x = Tensor.From(new[] { (Half)1, (Half)2, (Half)(-3) });
        x.RequiresGrad = true;
        (x * x + x.Tanh()).Sum().Backward();
        Assert.Equal(DType.Float16, x.Grad!.DType);
        Assert.Equal([(Half)2.42f, (Half)4.07f, (Half)(-5.99f)], x.Grad.ToArray<Half>().Select(half => (Half)MathF.Round((float)half, 2)));
    }

    private static void AssertSame(double[] expected, Tensor actual)
    {
        double[] found = actual.ToArray<double>();
        for (int index = 0; index < expected.Length; index++)
        {
            Assert.True(
                BitConverter.DoubleToInt64Bits(expected[index]) == BitConverter.DoubleToInt64Bits(found[index]) || (double.IsNaN(expected[index]) && double.IsNaN(found[index])),
                $"element {index}: expected {expected[index]:R}, found {found[index]:R}");
        }
    }

    private static double Narrow(DType type, double value) => type switch
    {
        DType.UInt8 => (byte)(long)value,
        DType.Int8 => (sbyte)(long)value,
        DType.Float16 => (double)(Half)value,
        DType.BFloat16 => ToBFloat16(value),
        DType.Float32 => (float)value,
        _ => value,
    };

    /// <summary>The nearest bf16, ties to even, in steps of its unit in the last place.</summary>
    private static double ToBFloat16(double value)
    {
        if (!double.IsFinite(value) || value == 0)
        {
            return value;
        }

        int exponent = Math.Max(Math.ILogB(value), -126);
        double rounded = Math.ScaleB(Math.Round(Math.ScaleB(value, 7 - exponent), MidpointRounding.ToEven), exponent - 7);
        return Math.Abs(rounded) >= Math.ScaleB(1, 128) ? Math.CopySign(double.PositiveInfinity, value) : rounded;
    }
}
