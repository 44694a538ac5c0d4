using TensorCell.Kernels;
using TensorCell.Kernels.Simd;

namespace TensorCell.Tensors.Tests;

[Collection(nameof(EngineSettings))]
public sealed class EngineIndependenceTests
{
    private static readonly Func<float[]>[] programs =
    [
        () => Tensor.Random(7).Normal(100_003).ToArray<float>(),
        () => Tensor.Random(7).Uniform((77, 1301)).ToArray<float>(),
        () => Chain().ToArray<float>(),
        () => Chain().Sum(0).ToArray<float>(),
        () => Chain().Sum().Reshape(1).ToArray<float>(),
        () => Chain().Max(1).ToArray<float>(),
        () => Chain().Softmax().ToArray<float>(),
        () => Chain().T.Contiguous().ToArray<float>(),
    ];

    [Fact]
    public void ResultsDoNotDependOnTheNumberOfThreads()
    {
        int threads = Workers.ThreadCount;
        try
        {
            foreach (Func<float[]> program in programs)
            {
                Workers.ThreadCount = 1;
                float[] one = program();
                foreach (int count in (int[])[2, 3, 8])
                {
                    Workers.ThreadCount = count;
                    Assert.Equal(one, program());
                }
            }
        }
        finally
        {
            Workers.ThreadCount = threads;
        }
    }

    [Fact]
    public void ResultsAreTheSameToRoundingAtEveryVectorWidth()
    {
        int bits = VectorWidth.Bits;
        try
        {
            foreach (Func<float[]> program in programs)
            {
                VectorWidth.Bits = 128;
                float[] narrow = program();
                foreach (int width in (int[])[256, 512])
                {
                    VectorWidth.Bits = width;
                    float[] wide = program();
                    Assert.Equal(narrow.Length, wide.Length);
                    for (int index = 0; index < wide.Length; index++)
                    {
                        Assert.Equal(narrow[index], wide[index], 2e-5 * Math.Max(1, Math.Abs(narrow[index])));
                    }
                }
            }
        }
        finally
        {
            VectorWidth.Bits = bits;
        }
    }

    private static Tensor Chain()
    {
        Tensor x = Tensor.Random(1).Normal((301, 257));
        Tensor row = Tensor.Random(2).Normal(257);
        return (((x * 1.5) + row).Tanh() * row) + x[.., TensorIndex.Every(-1)].Relu();
    }
}
