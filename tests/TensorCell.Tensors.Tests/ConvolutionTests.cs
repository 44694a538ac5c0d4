using TensorCell.Kernels;
using TensorCell.Kernels.Simd;

namespace TensorCell.Tensors.Tests;

[Collection(nameof(EngineSettings))]
public sealed class ConvolutionTests : IDisposable
{
    private readonly int bits = VectorWidth.Bits;
    private readonly int threads = Workers.ThreadCount;
    private readonly long streamedBeyond = Elementwise.StreamedBeyond;

    public static MatrixTheoryData<DType, int> TypesAndWidths => new([DType.Float32, DType.Float64], [128, 256, 512]);

    public void Dispose()
    {
        VectorWidth.Bits = bits;
        Workers.ThreadCount = threads;
        Elementwise.StreamedBeyond = streamedBeyond;
    }

    [Theory]
    [MemberData(nameof(TypesAndWidths))]
    public void ConvolutionsTransposesAndGradientsFollowTheirDefinitions(DType type, int width)
    {
        VectorWidth.Bits = width;
        Samples samples = new((int)type + width);
        for (int trial = 0; trial < 60; trial++)
        {
            ConvolutionReference one = ConvolutionReference.Random(samples.Random, trial < 40 ? 12 : 40);
            Workers.ThreadCount = samples.Random.Next(1, 4);
            Verify(one, samples, type);
        }
    }

    [Theory]
    [MemberData(nameof(TypesAndWidths))]
    public void ResultsPastTheCachesAreTheSameOnAnyNumberOfThreads(DType type, int width)
    {
        VectorWidth.Bits = width;
        Samples samples = new((int)type + width + 1);
        for (int trial = 0; trial < 12; trial++)
        {
            ConvolutionReference one = ConvolutionReference.Random(samples.Random, 40) with { Filters = samples.Random.Next(16, 70) };
            Sample input = samples.Tensor(one.InputShape, type, -1, 1);
            Sample weights = samples.Tensor(one.WeightShape, type, -1, 1);
            Sample bias = samples.Tensor([one.Groups * one.Filters], type, -1, 1);
            Sample whole = samples.Tensor(one.OutputShape, type, -1, 1);
            Tensor Convolve() => one.Apply(input.Tensor, weights.Tensor, bias.Tensor);
            (Workers.ThreadCount, Elementwise.StreamedBeyond) = (1, long.MaxValue);
            Tensor expected = Convolve().Realize();
            Tensor finished = (Convolve() + whole.Tensor).Relu().Realize();
            Reference.AssertClose(one.Convolve(input.Numbers, weights.Numbers, bias.Numbers), one.OutputShape, type, expected, 400);
            (Workers.ThreadCount, Elementwise.StreamedBeyond) = (samples.Random.Next(1, 7), 0);
            Assert.True(expected.ArrayEqual(Convolve()));
            Assert.True(finished.ArrayEqual((Convolve() + whole.Tensor).Relu()));
        }
    }

    [Theory]
    [MemberData(nameof(TypesAndWidths))]
    public void FiltersOfOnePixelFollowTheirDefinitions(DType type, int width)
    {
        VectorWidth.Bits = width;
        Samples samples = new((int)type + width + 2);
        for (int trial = 0; trial < 16; trial++)
        {
            Elementwise.StreamedBeyond = trial % 2 == 0 ? 0 : streamedBeyond;
            ConvolutionReference one = ConvolutionReference.Random(samples.Random, 30) with
            {
                Channels = samples.Random.Next(1, 24),
                Filters = samples.Random.Next(4, 40),
                Input = trial % 4 == 0 ? (16, 32) : (samples.Random.Next(4, 24), samples.Random.Next(16, 32)),
                Kernel = 1,
                Stride = trial % 3 == 0 ? 2 : 1,
                Padding = 0,
            };
            Workers.ThreadCount = samples.Random.Next(1, 4);
            Verify(one, samples, type);
            Sample input = samples.Tensor(one.InputShape, type, -1, 1);
            Sample weights = samples.Tensor(one.WeightShape, type, -1, 1);
            Sample whole = samples.Tensor(one.OutputShape, type, -1, 1);
            Tensor finished = (one.Apply(input.Tensor, weights.Tensor).Realize() + whole.Tensor).Relu().Realize();
            Assert.True(finished.ArrayEqual((one.Apply(input.Tensor, weights.Tensor) + whole.Tensor).Relu()));
        }
    }

    private static void Verify(ConvolutionReference one, Samples samples, DType type)
    {
        Sample input = samples.Tensor(one.InputShape, type, -1, 1);
        Sample weights = samples.Tensor(one.WeightShape, type, -1, 1);
        Sample gradient = samples.Tensor(one.OutputShape, type, -1, 1);
        Sample? bias = samples.Random.Next(2) == 0 ? null : samples.Tensor([one.Groups * one.Filters], type, -1, 1);
        Sample? inputBias = samples.Random.Next(2) == 0 ? null : samples.Tensor([one.Groups * one.Channels], type, -1, 1);
        Reference.AssertClose(
            one.Convolve(input.Numbers, weights.Numbers, bias?.Numbers), one.OutputShape, type, one.Apply(input.Tensor, weights.Tensor, bias?.Tensor), 400);
        Reference.AssertClose(
            one.ConvolveTransposed(gradient.Numbers, weights.Numbers, inputBias?.Numbers),
            one.InputShape,
            type,
            one.ApplyTransposed(gradient.Tensor, weights.Tensor, inputBias?.Tensor),
            400);
        Tensor parameter = weights.Tensor.Detach();
        Tensor start = input.Tensor.Detach();
        parameter.RequiresGrad = start.RequiresGrad = true;
        one.Apply(start, parameter).Backward(gradient.Tensor);
        Reference.AssertClose(one.WeightGradient(input.Numbers, gradient.Numbers), one.WeightShape, type, parameter.Grad!, 4000);
        Reference.AssertClose(one.ConvolveTransposed(gradient.Numbers, weights.Numbers), one.InputShape, type, start.Grad!, 400);
    }
}
