using TensorCell.Kernels;

namespace TensorCell.Tensors.Tests;

public sealed class RandomTests
{
    [Theory]
    [InlineData(0UL, 0UL, 0UL, 0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8)]
    [InlineData(0xffffffffffffffffUL, 0xffffffffffffffffUL, 0xffffffffffffffffUL, 0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd)]
    [InlineData(0x85a308d3243f6a88UL, 0x0370734413198a2eUL, 0x299f31d0a4093822UL, 0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1)]
    public void PhiloxGivesThePublishedAnswers(ulong low, ulong high, ulong key, uint first, uint second, uint third, uint fourth) =>
        Assert.Equal((first, second, third, fourth), Philox.Block(low, high, key));

    [Fact]
    public void ASeedReproducesASequence()
    {
        RandomStream one = Tensor.Random(42);
        RandomStream other = Tensor.Random(42);
        Tensor first = one.Normal((3, 5));
        Tensor second = one.Uniform(7);
        float[] otherFirst = other.Normal((3, 5)).ToArray<float>();
        float[] otherSecond = other.Uniform(7).ToArray<float>();
        Assert.Equal(otherSecond, second.ToArray<float>());
        Assert.Equal(otherFirst, first.ToArray<float>());
        Assert.NotEqual(otherFirst, Tensor.Random(43).Normal((3, 5)).ToArray<float>());
    }

    [Theory]
    [InlineData(DType.Float32)]
    [InlineData(DType.Float64)]
    public void UniformNumbersFillTheirRangeEvenly(DType dtype)
    {
        double[] numbers = Tensor.Random(1).Uniform(200_001, -2, 3, dtype).To(DType.Float64).ToArray<double>();
        Assert.All(numbers, number => Assert.InRange(number, -2, 3 - 1e-9));
        int[] counts = new int[10];
        foreach (double number in numbers)
        {
            counts[(int)((number + 2) * 2)]++;
        }

        Assert.All(counts, count => Assert.InRange(count, 19_300, 20_700));
    }

    [Theory]
    [InlineData(DType.Float32)]
    [InlineData(DType.Float64)]
    public void NormalNumbersHaveTheirMoments(DType dtype)
    {
        double[] numbers = Tensor.Random(2).Normal(200_001, 1, 2, dtype).To(DType.Float64).ToArray<double>();
        double mean = numbers.Average();
        double variance = numbers.Average(number => Math.Pow(number - mean, 2));
        double kurtosis = numbers.Average(number => Math.Pow(number - mean, 4)) / (variance * variance);
        Assert.Equal(1, mean, 0.03);
        Assert.Equal(4, variance, 0.08);
        Assert.Equal(3, kurtosis, 0.1);
        Assert.All(numbers, number => Assert.True(double.IsFinite(number)));
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(-2, 3.5)]
    [InlineData(1e-3, 1e-3)]
    [InlineData(7, 0)]
    [InlineData(1e6, -1e-4)]
    public void NumbersAreThoseOfTheScalarFormulasBitForBit(double first, double second)
    {
        const ulong seed = 0x9876543210FEDCBA;
        const int skipped = 4_000_003;
        const int count = 1_000_003;
        RandomStream stream = Tensor.Random(seed);
        stream.Uniform(skipped);
        float[] normals = stream.Normal(count, first, second).ToArray<float>();
        float[] uniforms = stream.Uniform(count, first, first + Math.Abs(second) + 1).ToArray<float>();
        for (int index = 0; index < count; index++)
        {
            ulong block = ((skipped + 3) / 4) + (ulong)(index / 4);
            Assert.Equal(Normal(block, index % 4), normals[index]);
            Assert.Equal(Uniform(block + ((count + 3) / 4), index % 4), uniforms[index]);
        }

        float Normal(ulong block, int word)
        {
            (uint a, uint b, uint c, uint d) = Philox.Block(block, 0, seed);
            double angle = 2 * Math.PI * (((word < 2 ? b : d) + 1.0) / 4294967296);
            double radius = Math.Sqrt(-2 * Math.Log(((word < 2 ? a : c) + 1.0) / 4294967296));
            return (float)(first + (second * (radius * (word % 2 == 0 ? Math.SinCos(angle).Cos : Math.SinCos(angle).Sin))));
        }

        float Uniform(ulong block, int word)
        {
            (uint a, uint b, uint c, uint d) = Philox.Block(block, 0, seed);
            float upper = (float)(first + Math.Abs(second) + 1);
            float number = (float)(first + ((first + Math.Abs(second) + 1 - first) * (((uint[])[a, b, c, d])[word] >> 8) / 16777216.0));
            return number < upper ? number : MathF.BitDecrement(upper);
        }
    }

    [Fact]
    public void IntegersCoverTheirRange()
    {
        long[] numbers = Tensor.Random(3).Integers(60_000, -2, 4).ToArray<long>();
        Assert.Equal([-2, -1, 0, 1, 2, 3], numbers.Distinct().Order());
        Assert.All(numbers.GroupBy(number => number), group => Assert.InRange(group.Count(), 9_500, 10_500));
        Assert.All(Tensor.Random(3).Integers(100, long.MinValue, long.MaxValue).ToArray<long>(), number => Assert.NotEqual(0, number));
        Assert.Equal(DType.Int32, Tensor.Random(3).Integers(3, 0, 9, DType.Int32).DType);
        Assert.Throws<ArgumentException>(() => Tensor.Random(3).Integers(3, 4, 4));
    }

    [Fact]
    public void APermutationHoldsEveryNumberOnce()
    {
        long[] order = Tensor.Random(4).Permutation(1000).ToArray<long>();
        Assert.Equal(Enumerable.Range(0, 1000).Select(number => (long)number), order.Order());
        Assert.NotEqual(order.Order(), order);
        Assert.NotEqual(order, Tensor.Random(5).Permutation(1000).ToArray<long>());
    }

    [Fact]
    public void AnythingElseThanRealTypesIsRefused() =>
        Assert.Throws<ArgumentException>(() => Tensor.Random(1).Uniform(3, 0, 1, DType.Int32));
}
