using TensorCell.Kernels;
using TensorCell.Kernels.Passes;
using TensorCell.Kernels.Simd;
using TensorCell.Kernels.Tests;
using TensorCell.Tensors.Convolution;
using TensorCell.Tensors.LinearAlgebra;

namespace TensorCell.Tensors.Tests;

/// <summary>3x3 convolutions by Winograd's algorithm, whether it is faster for them or not.</summary>
[Collection(nameof(EngineSettings))]
public sealed class WinogradTests : IDisposable
{
    // Of the greatest sum of absolute products of a tile. The largest error found is a third of it.
    private const double Tolerance = 1.0 / (1 << 18);

    private readonly int bits = VectorWidth.Bits;
    private readonly int threads = Workers.ThreadCount;
    private readonly bool contraction = Optimizer.Contraction;
    private readonly Func<long, CpuBuffer> allocate = MatrixMultiply.Allocate;

    public WinogradTests() => Winograd.IsForced = true;

    public static TheoryData<int> Widths => [128, 256, 512];

    public static MatrixTheoryData<int, bool> Places => new([128, 256, 512], [false, true]);

    public static TheoryData<string> Epilogues => ConvolutionFusionTests.Epilogues;

    public void Dispose()
    {
        VectorWidth.Bits = bits;
        Workers.ThreadCount = threads;
        Optimizer.Contraction = contraction;
        MatrixMultiply.Allocate = allocate;
        Winograd.IsForced = null;
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void ConvolutionsTransposesAndGradientsFollowTheirDefinitions(int width)
    {
        VectorWidth.Bits = width;
        Samples samples = new(width);
        for (int trial = 0; trial < 40; trial++)
        {
            Workers.ThreadCount = samples.Random.Next(1, 4);
            Verify(Random(samples.Random, trial < 30 ? 14 : 40), samples);
        }
    }

    [Fact]
    public void ManyChannelsLoseNoMore()
    {
        Samples samples = new(7);
        Verify(new ConvolutionReference { Channels = 200, Filters = 13, Input = (9, 10), Kernel = 3, Padding = 1 }, samples);
        Verify(new ConvolutionReference { Channels = 13, Filters = 200, Input = (6, 17), Kernel = 3, Padding = 1 }, samples);
        Verify(new ConvolutionReference { Images = 9, Channels = 40, Filters = 40, Input = 7, Kernel = 3, Padding = 1 }, samples);
    }

    [Fact]
    public void ThreadsChangeNoBit()
    {
        Tensor x = Tensor.Random(1).Normal((3, 20, 30, 33)).Realize();
        Tensor w = Tensor.Random(2).Normal((25, 20, 3, 3)).Realize();
        Workers.ThreadCount = 1;
        float[] expected = x.Conv2D(w, padding: 1).ToArray<float>();
        foreach (int count in (int[])[2, 3, 16])
        {
            Workers.ThreadCount = count;
            Assert.Equal(expected, x.Conv2D(w, padding: 1).ToArray<float>());
        }
    }

    [Theory]
    [MemberData(nameof(Epilogues))]
    public void EpiloguesGiveTheSameBitsAsAlone(string name)
    {
        Optimizer.Contraction = false;
        Samples samples = new(name.Length);
        for (int trial = 0; trial < 10; trial++)
        {
            VectorWidth.Bits = 128 << samples.Random.Next(3);
            Workers.ThreadCount = samples.Random.Next(1, 4);
            ConvolutionReference one = Random(samples.Random, 20);
            Sample input = samples.Tensor(one.InputShape, DType.Float32, -1, 1);
            Sample weights = samples.Tensor(one.WeightShape, DType.Float32, -1, 1);
            Sample? bias = samples.Random.Next(2) == 0 ? null : samples.Tensor([one.OutputShape[1]], DType.Float32, -1, 1);
            Sample channel = samples.Tensor([one.OutputShape[1], 1, 1], DType.Float32, -1, 1);
            Sample whole = samples.Tensor(one.OutputShape, DType.Float32, -1, 1);
            Tensor Apply(bool isAlone)
            {
                Tensor product = one.Apply(input.Tensor, weights.Tensor, bias?.Tensor);
                return ConvolutionFusionTests.Apply(name, isAlone ? product.Realize() : product, channel.Tensor, whole.Tensor);
            }

            AssertSame(Apply(true), Apply(false));

            // Infinities are computed in another way, by parts or all together.
            input.Tensor[(TensorIndex[])[.. one.InputShape.Select(length => (TensorIndex)samples.Random.Next(length))]].Fill(float.PositiveInfinity);
            if (name is not ("integers" or "remainder"))
            {
                AssertSame(Apply(true), Apply(false));
            }
        }
    }

    [Theory]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity)]
    [InlineData(float.NaN)]
    [InlineData(3e38f)]
    public void NumbersThatAreNotFiniteStayWhereTheyAre(float number)
    {
        Random random = new(3);
        for (int trial = 0; trial < 30; trial++)
        {
            VectorWidth.Bits = 128 << random.Next(3);
            ConvolutionReference one = Random(random, 40);
            float[] x = [.. Enumerable.Range(0, one.InputShape.Aggregate(1, (a, b) => a * b)).Select(_ => random.NextSingle() - 0.5f)];
            float[] w = [.. Enumerable.Range(0, one.WeightShape.Aggregate(1, (a, b) => a * b)).Select(_ => random.NextSingle() + 0.1f)];
            for (int count = random.Next(1, 4); count > 0; count--)
            {
                float[] changed = random.Next(4) == 0 ? w : x;
                changed[random.Next(changed.Length)] = number;
            }

            Tensor input = Tensor.From<float>(x, Shape.Of(one.InputShape));
            Tensor weights = Tensor.From<float>(w, Shape.Of(one.WeightShape));
            float[] found = one.Apply(input, weights).ToArray<float>();
            Winograd.IsForced = false;
            float[] expected = one.Apply(input, weights).ToArray<float>();
            Winograd.IsForced = true;
            for (int index = 0; index < found.Length; index++)
            {
                Assert.True(
                    float.IsFinite(expected[index]) ? Math.Abs(expected[index] - found[index]) <= 1e-3 + (Math.Abs(expected[index]) * 1e-4) || number == 3e38f
                        : expected[index].Equals(found[index]),
                    $"{one}, element {index}: expected {expected[index]}, found {found[index]}");
                Assert.Equal(float.IsFinite(expected[index]), float.IsFinite(found[index]));
            }
        }
    }

    [Theory]
    [InlineData(1e4)]
    [InlineData(1e9)]
    [InlineData(1e30)]
    public void PixelsMuchLargerThanOthersSpoilNone(double large)
    {
        Random random = new(5);
        for (int trial = 0; trial < 20; trial++)
        {
            VectorWidth.Bits = 128 << random.Next(3);
            ConvolutionReference one = Random(random, 40);
            int rows = random.Next(one.Input.Height);
            double[] x = [.. Enumerable.Range(0, one.InputShape.Aggregate(1, (a, b) => a * b)).Select(_ => (double)(random.NextSingle() + 0.5f))];
            double[] w = [.. Enumerable.Range(0, one.WeightShape.Aggregate(1, (a, b) => a * b)).Select(_ => (double)(random.NextSingle() + 0.5f))];
            for (int index = 0; index < x.Length; index++)
            {
                x[index] *= trial % 2 == 0 ? (index / one.Input.Width % one.Input.Height < rows ? (float)large : 1) : random.Next(300) == 0 ? (float)large : 1;
                x[index] = (float)x[index];
            }

            double[] expected = one.Convolve(x, w);
            float[] found = one.Apply(
                Tensor.From<double>(x, Shape.Of(one.InputShape)).To(DType.Float32), Tensor.From<double>(w, Shape.Of(one.WeightShape)).To(DType.Float32)).ToArray<float>();
            for (int index = 0; index < found.Length; index++)
            {
                // Three times as much, for the weights differ by so much.
                double size = expected[index] == 0 ? double.PositiveInfinity : 3 * 256 * expected[index];
                Assert.True(Math.Abs(expected[index] - found[index]) <= Tolerance * size, $"{one}, element {index}: expected {expected[index]}, found {found[index]}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Places))]
    public unsafe void NothingBeyondIsTouched(int width, bool atEnd)
    {
        GuardedMemory.SkipUnlessSupported();
        VectorWidth.Bits = width;
        Random random = new(width);
        for (int trial = 0; trial < 40; trial++)
        {
            Workers.ThreadCount = random.Next(1, 3);
            MatrixMultiply.Allocate = bytes => GuardedMemory.Allocate(bytes, atEnd);
            ConvolutionReference one = Random(random, 30) with { Groups = 1 };
            using CpuBuffer input = GuardedMemory.Allocate(one.InputShape.Aggregate(4L, (a, b) => a * b), atEnd);
            using CpuBuffer weights = GuardedMemory.Allocate(one.WeightShape.Aggregate(4L, (a, b) => a * b), atEnd);
            using CpuBuffer output = GuardedMemory.Allocate(one.OutputShape.Aggregate(4L, (a, b) => a * b), atEnd);
            input.AsSpan<float>().Fill(random.Next(3) == 0 ? float.NaN : 1);
            weights.AsSpan<float>().Fill(1);
            Winograd.Run(new SlidingProduct
            {
                Images = one.Images,
                Groups = 1,
                Channels = one.Channels,
                Filters = one.Filters,
                Taps = [.. Enumerable.Range(0, 9).Select(tap => new Tap((tap / 3) - one.Padding.Height, (tap % 3) - one.Padding.Width, tap))],
                Step = 1,
                InputSize = one.Input,
                OutputSize = one.Output,
                Input = ImageOperand.Of(input.Address, one.Channels, one.Input),
                Weights = new FilterOperand(weights.Address, 0, one.Channels * 9, 9),
                Output = ImageOperand.Of(output.Address, one.Filters, one.Output),
            });
        }
    }

    [Fact]
    public void IsChosenWhereItIsFaster()
    {
        Winograd.IsForced = null;
        Assert.True(Winograd.Suits(Product(16, 64, 64, 56)));
        Assert.True(Winograd.Suits(Product(1, 64, 64, 56)));
        Assert.True(Winograd.Suits(Product(16, 256, 256, 14)));
        Assert.False(Winograd.Suits(Product(16, 3, 32, 224)));
        Assert.False(Winograd.Suits(Product(1, 512, 512, 7)));
        Assert.False(Winograd.Suits(Product(16, 64, 64, 56) with { Step = 2 }));
        Assert.False(Winograd.Suits(Product(16, 4096, 4096, 56)));
    }

    private static SlidingProduct Product(int images, int channels, int filters, int side) => new()
    {
        Images = images,
        Groups = 1,
        Channels = channels,
        Filters = filters,
        Taps = [.. Enumerable.Range(0, 9).Select(tap => new Tap((tap / 3) - 1, (tap % 3) - 1, tap))],
        Step = 1,
        InputSize = side,
        OutputSize = side,
        Input = default,
        Weights = default,
        Output = default,
    };

    private static ConvolutionReference Random(Random random, int largest) => new()
    {
        Images = random.Next(1, 4),
        Groups = random.Next(3) == 0 ? random.Next(1, 4) : 1,
        Channels = random.Next(1, 9),
        Filters = random.Next(1, random.Next(3) == 0 ? 30 : 8),
        Input = (random.Next(3, largest), random.Next(3, largest)),
        Kernel = 3,
        Padding = (random.Next(4), random.Next(4)),
    };

    private static void Verify(ConvolutionReference one, Samples samples)
    {
        Sample input = samples.Tensor(one.InputShape, DType.Float32, -1, 1);
        Sample weights = samples.Tensor(one.WeightShape, DType.Float32, -1, 1);
        Sample gradient = samples.Tensor(one.OutputShape, DType.Float32, -1, 1);
        Sample? bias = samples.Random.Next(2) == 0 ? null : samples.Tensor([one.Groups * one.Filters], DType.Float32, -1, 1);
        Sample? inputBias = samples.Random.Next(2) == 0 ? null : samples.Tensor([one.Groups * one.Channels], DType.Float32, -1, 1);
        AssertClose(
            one.Convolve(input.Numbers, weights.Numbers, bias?.Numbers),
            one.Convolve(Sizes(input), Sizes(weights), bias is null ? null : Sizes(bias)),
            one.Apply(input.Tensor, weights.Tensor, bias?.Tensor));
        AssertClose(
            one.ConvolveTransposed(gradient.Numbers, weights.Numbers, inputBias?.Numbers),
            one.ConvolveTransposed(Sizes(gradient), Sizes(weights), inputBias is null ? null : Sizes(inputBias)),
            one.ApplyTransposed(gradient.Tensor, weights.Tensor, inputBias?.Tensor));
        Tensor start = input.Tensor.Detach();
        start.RequiresGrad = true;
        one.Apply(start, weights.Tensor).Backward(gradient.Tensor);
        AssertClose(
            one.ConvolveTransposed(gradient.Numbers, weights.Numbers), one.ConvolveTransposed(Sizes(gradient), Sizes(weights)), start.Grad!);
    }

    private static double[] Sizes(Sample sample) => [.. sample.Numbers.Select(Math.Abs)];

    /// <summary>Compares with the definition, relative to the greatest sum of absolute products in the tile.</summary>
    private static void AssertClose(double[] expected, double[] sizes, Tensor actual)
    {
        float[] found = actual.ToArray<float>();
        Assert.Equal(expected.Length, found.Length);
        int height = actual.Shape[2];
        int width = actual.Shape[3];
        const int side = WinogradGeometry.Pixels;
        for (int index = 0; index < found.Length; index++)
        {
            int plane = index / (height * width) * height;
            int row = index / width % height / side * side;
            int column = index % width / side * side;
            double size = 0;
            for (int pixel = 0; pixel < side * side; pixel++)
            {
                (int y, int x) = (row + (pixel / side), column + (pixel % side));
                size = y < height && x < width ? Math.Max(size, sizes[((plane + y) * width) + x]) : size;
            }

            Assert.True(
                Math.Abs(expected[index] - found[index]) <= Tolerance * size,
                $"element {index} of {actual.Shape}: expected {expected[index]}, found {found[index]}, of {size}");
        }
    }

    private static void AssertSame(Tensor expected, Tensor actual)
    {
        Assert.Equal(expected.DType, actual.DType);
        Assert.Equal(expected.To(DType.Float64).ToArray<double>(), actual.To(DType.Float64).ToArray<double>());
    }
}
