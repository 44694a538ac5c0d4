using TensorCell.Kernels;

namespace TensorCell.Tensors.Tests;

public sealed class PoolingTests
{
    public static TheoryData<DType> Types => [.. Enum.GetValues<DType>()];

    [Theory]
    [MemberData(nameof(Types))]
    public void WindowsFoldAsTheirDefinitionsHaveIt(DType type)
    {
        Samples samples = new(40 + (int)type);
        for (int trial = 0; trial < 60; trial++)
        {
            Windows one = Windows.Random(samples.Random, trial < 45 ? 12 : 60);
            int[] outer = [.. Enumerable.Range(0, samples.Random.Next(3)).Select(_ => samples.Random.Next(1, 5))];
            Sample input = samples.Tensor([.. outer, one.Input.Height, one.Input.Width], type, type is DType.UInt8 or DType.Bool ? 0 : -9, 9);
            input = input with { Numbers = type == DType.Bool ? [.. input.Numbers.Select(number => number == 0 ? 0.0 : 1)] : input.Numbers };
            int[] shape = [.. outer, one.Output.Height, one.Output.Width];
            DType average = type.IsFloatingPoint ? type : DType.Float64;
            bool countsPadding = samples.Random.Next(2) == 0;
            Verify(one.Fold(input, window => window.Max()), shape, type, input.Tensor.MaxPool2D(one.Kernel, one.Stride, one.Padding));
            Verify(
                one.Fold(input, window => window.Sum() / (countsPadding ? one.Kernel.Height * one.Kernel.Width : window.Count)),
                shape,
                average,
                input.Tensor.AvgPool2D(one.Kernel, one.Stride, one.Padding, countsPadding));
        }
    }

    [Fact]
    public void SequencesPoolAsImagesOfOneRow()
    {
        Sample x = new Samples(3).Tensor([2, 3, 17], DType.Float32, -1, 1);
        Tensor rows = x.Tensor.Unsqueeze(-2);
        Assert.Equal(rows.MaxPool2D((1, 3), (1, 2), (0, 1)).ToArray<float>(), x.Tensor.MaxPool1D(3, 2, 1).ToArray<float>());
        Assert.Equal(rows.AvgPool2D((1, 4)).ToArray<float>(), x.Tensor.AvgPool1D(4).ToArray<float>());
        Assert.Equal((2, 3, 4), x.Tensor.MaxPool1D(4).Shape);
    }

    [Theory]
    [InlineData(DType.Float32)]
    [InlineData(DType.Float64)]
    [InlineData(DType.Float16)]
    public void NaNIsTheGreatestAndInfinitiesCount(DType type)
    {
        double[] numbers = new double[8 * 40];
        Array.Fill(numbers, double.NegativeInfinity);
        numbers[45] = double.NaN;
        numbers[130] = 3;
        double[] pooled = Tensor.From(numbers, (8, 40)).To(type).MaxPool2D(3, 1, 1).To(DType.Float64).ToArray<double>();
        for (int index = 0; index < pooled.Length; index++)
        {
            bool Near(int place) => Math.Abs((index / 40) - (place / 40)) <= 1 && Math.Abs((index % 40) - (place % 40)) <= 1;
            Assert.Equal(Near(45) ? double.NaN : Near(130) ? 3 : double.NegativeInfinity, pooled[index]);
        }
    }

    [Fact]
    public void TheFirstOfTheGreatestGetsTheGradient()
    {
        Tensor x = Tensor.From([1f, 2, 2, 0, float.NaN, 1, 5, 5], (2, 4)).Detach();
        x.RequiresGrad = true;
        x.MaxPool2D(2).Backward(Tensor.From([10f, 20], (1, 2)));
        Assert.Equal([0f, 0, 0, 0, 10, 0, 20, 0], x.Grad!.ToArray<float>());
    }

    [Fact]
    public void GradientsAreThoseOfDifferences()
    {
        Samples samples = new(5);
        for (int trial = 0; trial < 12; trial++)
        {
            Windows one = Windows.Random(samples.Random, 8);
            Sample x = samples.Tensor([2, one.Input.Height, one.Input.Width], DType.Float64, -1, 1);
            GradientCheck.Run(inputs => inputs[0].MaxPool2D(one.Kernel, one.Stride, one.Padding), x);
            GradientCheck.Run(inputs => inputs[0].AvgPool2D(one.Kernel, one.Stride, one.Padding, trial % 2 == 0), x);
            GradientCheck.Run(inputs => inputs[0].AvgPool2D(one.Kernel, one.Stride, one.Padding).Square() * inputs[0].Sum(), x);
            GradientCheck.Run(inputs => inputs[0].AdaptiveAvgPool2D((1 + (trial % 3), 1 + (trial / 3))), x);
        }
    }

    [Theory]
    [InlineData(DType.Float32)]
    [InlineData(DType.Float64)]
    public void GradientsGoWhereTheDefinitionsHaveThem(DType type)
    {
        Samples samples = new(60 + (int)type);
        for (int trial = 0; trial < 60; trial++)
        {
            Windows one = Windows.Random(samples.Random, trial < 40 ? 12 : 60);
            int planes = samples.Random.Next(1, 4);
            Sample whole = samples.Tensor([planes, one.Input.Height, one.Input.Width], DType.Int32, -2, 2);
            double[] numbers =
                [.. whole.Numbers.Select(number => (trial % 3, number) switch { (1, -1) => double.NaN, (2, -2) => double.NegativeInfinity, _ => number })];
            Sample input = whole with { Tensor = Tensor.From(numbers, (planes, one.Input.Height, one.Input.Width)).To(type).Detach(), Numbers = numbers };
            Sample gradient = samples.Tensor([planes, one.Output.Height, one.Output.Width], DType.Int32, -9, 9);
            bool countsPadding = samples.Random.Next(2) == 0;
            input.Tensor.RequiresGrad = true;
            double[] GradientOf(Tensor result)
            {
                result.Backward(gradient.Tensor.To(type));
                double[] found = input.Tensor.Grad!.To(DType.Float64).ToArray<double>();
                input.Tensor.Grad = null;
                return found;
            }

            double[] toGreatest = one.Unfold(input, gradient.Numbers, Greatest);
            double[] toAll = one.Unfold(input, gradient.Numbers, Shares);
            Assert.Equal(toGreatest, GradientOf(input.Tensor.MaxPool2D(one.Kernel, one.Stride, one.Padding)));
            double[] found = GradientOf(input.Tensor.AvgPool2D(one.Kernel, one.Stride, one.Padding, countsPadding));
            Assert.All(toAll.Zip(found), pair => Assert.Equal(pair.First, pair.Second, type == DType.Float32 ? 1e-4 : 1e-12));

            int Greatest(IReadOnlyList<double> window)
            {
                int missing = window.ToList().FindIndex(double.IsNaN);
                return missing >= 0 ? missing : window.ToList().IndexOf(window.Max());
            }

            double[] Shares(IReadOnlyList<double> window) =>
                [.. window.Select(_ => 1.0 / (countsPadding ? one.Kernel.Height * one.Kernel.Width : window.Count))];
        }
    }

    [Fact]
    public void AdaptivePartsAreAsEqualAsCanBe()
    {
        Sample x = new Samples(7).Tensor([2, 3, 10, 7], DType.Float32, -1, 1);
        foreach (Size2 output in (Size2[])[1, (5, 7), (3, 2), (10, 1), (4, 7), (12, 9)])
        {
            double[] expected =
            [
                .. Reference.Indices([2, 3, output.Height, output.Width]).Select(index =>
                {
                    int top = index[2] * 10 / output.Height;
                    int bottom = (((index[2] + 1) * 10) + output.Height - 1) / output.Height;
                    int left = index[3] * 7 / output.Width;
                    int right = (((index[3] + 1) * 7) + output.Width - 1) / output.Width;
                    return (from row in Enumerable.Range(top, bottom - top)
                            from column in Enumerable.Range(left, right - left)
                            select Reference.At(x, [index[0], index[1], row, column])).Average();
                }),
            ];
            Reference.AssertClose(expected, [2, 3, output.Height, output.Width], DType.Float32, x.Tensor.AdaptiveAvgPool2D(output));
        }
    }

    [Fact]
    public void WindowsThatDoNotFitAreNamed()
    {
        Tensor x = Tensor.Zeros((2, 5, 6));
        Assert.Equal(
            "maxpool2d: [2, 5, 6]: no window of (7, 2) fits, with padding (0, 0)",
            Assert.Throws<ArgumentException>(() => x.MaxPool2D((7, 2))).Message);
        Assert.Equal(
            "avgpool2d: [2, 5, 6]: padding (2, 1): must be from 0 to half a window of (3, 3)",
            Assert.Throws<ArgumentException>(() => x.AvgPool2D(3, 1, (2, 1))).Message);
        Assert.Equal(
            "maxpool1d: [2, 5, 6]: windows of 2 every 0: must be at least 1",
            Assert.Throws<ArgumentException>(() => x.MaxPool1D(2, 0)).Message);
        Assert.Equal("maxpool1d: []: needs at least one axis: […, l]", Assert.Throws<ArgumentException>(() => Tensor.Scalar(1f).MaxPool1D(1)).Message);
        Assert.Throws<ArgumentException>(() => x.AdaptiveAvgPool2D((0, 1)));
        Assert.Equal((0, 2, 3), Tensor.Zeros((0, 5, 6)).MaxPool2D(2).Shape);
        Assert.Empty(Tensor.Zeros((0, 5, 6)).AvgPool2D(2).ToArray<float>());
    }

    private static void Verify(double[] expected, int[] shape, DType type, Tensor actual)
    {
        double tolerance = type is DType.Float16 or DType.BFloat16 ? 0 : 16;
        double[] rounded = tolerance == 0 ? Tensor.From(expected).To(DType.Float32).To(type).To(DType.Float64).ToArray<double>() : expected;
        if (tolerance > 0)
        {
            Reference.AssertClose(rounded, shape, type, actual, tolerance);
            return;
        }

        Assert.Equal(Shape.Of(shape), actual.Shape);
        Assert.Equal(type, actual.DType);
        Assert.All(rounded.Zip(actual.To(DType.Float64).ToArray<double>()), pair => Assert.Equal(pair.First, pair.Second, Math.Abs(pair.First) / 100));
    }
}
