using TensorCell.Kernels;

namespace TensorCell.Tensors.Tests;

/// <summary>Means and variances that are found in one pass over memory, against two plain passes in double precision.</summary>
[Collection(nameof(EngineSettings))]
public sealed class MomentsTests : IDisposable
{
    private readonly int threads = Workers.ThreadCount;

    public static TheoryData<int[], int[]> Shapes => new()
    {
        // Columns: whole blocks, parts of groups, of vectors and of blocks.
        { [1024, 512], [0] },
        { [1000, 516], [0] },
        { [130, 1033], [0] },
        { [4101, 16], [0] },
        { [71, 3, 5, 67], [0] },
        { [64, 2, 1025], [0, 1] },

        // Lines: of one position, of several, cut into segments and not, with parts of vectors.
        { [65536], [0] },
        { [1000003], [0] },
        { [300, 400], [0, 1] },
        { [3, 150001], [1] },
        { [64, 5, 31, 37], [0, 2, 3] },
        { [2, 3, 40000], [0, 2] },
    };

    public void Dispose() => Workers.ThreadCount = threads;

    [Theory]
    [MemberData(nameof(Shapes))]
    public void VariancesAreThoseOfTwoPasses(int[] lengths, int[] axes)
    {
        foreach ((double scale, double offset) in ((double, double)[])[(1, 0), (3, 1000), (1e-3, -5), (1e15, 1e15)])
        {
            Tensor x = ((Tensor.Random((ulong)lengths.Length).Normal(Shape.Of(lengths)) * (float)scale) + (float)offset).Realize();
            (double[] means, double[] variances) = TwoPasses(x, axes);
            double[] found = x.Var(axes).To(DType.Float64).ToArray<double>();
            Assert.Equal(variances.Length, found.Length);

            // What the rounding of the elements themselves does to differences of them.
            double least = Math.Pow(Math.Abs(offset) * 1e-7, 2);
            Assert.All(variances.Zip(found), pair => Assert.Equal(pair.First, pair.Second, (pair.First * 2e-6) + least));

            double[] sample = x.Var(axes, keepDims: true, correction: 1).To(DType.Float64).ToArray<double>();
            double count = (double)x.Count / variances.Length;
            Assert.All(variances.Zip(sample), pair => Assert.Equal(pair.First * count / (count - 1), pair.Second, (pair.First * 2e-6) + least));

            double[] standard = x.Standardize(axes, 0).To(DType.Float64).ToArray<double>();
            double[] expected = Standardized(x, axes, means, variances);
            double tolerance = 1e-5 + (Math.Abs(offset) * 2e-7 / scale);
            Assert.All(expected.Zip(standard), pair => Assert.Equal(pair.First, pair.Second, tolerance * Math.Max(1, Math.Abs(pair.First))));
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void WhatIsNotFiniteStaysWithItsOwn(int[] lengths, int[] axes)
    {
        float[] elements = Tensor.Random(5).Normal(Shape.Of(lengths)).ToArray<float>();
        float[] odd = [float.NaN, float.PositiveInfinity, float.NegativeInfinity, 2e38f, -3e38f];
        for (int i = 0; i < odd.Length; i++)
        {
            elements[elements.Length * (i + 1L) / 7] = odd[i];
        }

        Tensor x = Tensor.From(elements, Shape.Of(lengths));
        float[] expected = [.. TwoPasses(x, axes).Variances.Select(variance => (float)variance)];
        float[] found = x.Var(axes).ToArray<float>();
        Assert.All(expected.Zip(found), pair =>
        {
            Assert.Equal(float.IsNaN(pair.First), float.IsNaN(pair.Second));
            Assert.Equal(float.IsInfinity(pair.First), float.IsInfinity(pair.Second));
            Assert.True(!float.IsFinite(pair.First) || Math.Abs(pair.First - pair.Second) <= 2e-6 * pair.First);
        });
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void ThreadsChangeNothing(int[] lengths, int[] axes)
    {
        Tensor x = Tensor.Random(9).Uniform(Shape.Of(lengths)).Realize();
        Workers.ThreadCount = 1;
        float[] alone = x.Standardize(axes).ToArray<float>();
        foreach (int count in (int[])[2, 3, 8])
        {
            Workers.ThreadCount = count;
            Assert.Equal(alone, x.Standardize(axes).ToArray<float>());
        }
    }

    [Fact]
    public void ConstantsHaveNoVariance()
    {
        Tensor x = Tensor.Full((777, 333), 0.1f).Realize();
        Assert.All(x.Var(0).ToArray<float>(), variance => Assert.Equal(0, variance));
        Assert.Equal(0, x.Var().Item<float>());
        Assert.All(x.Standardize(0).ToArray<float>(), element => Assert.Equal(0, element, 1e-5));
    }

    [Fact]
    public void ViewsAndWhatIsPendingAreStandardizedAlike()
    {
        Tensor x = Tensor.Random(3).Normal((600, 200)).Realize();
        float[] expected = x.Standardize(0).ToArray<float>();
        Near(expected, x.T.Contiguous().T.Standardize(0).ToArray<float>());
        Near(expected, (x + 0).Standardize(0).ToArray<float>());
        Near(expected[..(300 * 200)], Tensor.Concat(0, x[..300], x[300..])[..300].Standardize(0).ToArray<float>(), 1);
        Near(x[1.., ..].Contiguous().Standardize(0).ToArray<float>(), x[1.., ..].Standardize(0).ToArray<float>());

        static void Near(float[] expected, float[] found, double tolerance = 1e-5) =>
            Assert.All(expected.Zip(found), pair => Assert.Equal(pair.First, pair.Second, tolerance));
    }

    [Fact]
    public void BatchNormHasItsGradientWhereMomentsAreUsed()
    {
        Tensor x = Tensor.Random(4).Normal((1024, 80)).Realize();
        Tensor weight = Tensor.Random(5).Uniform(80).Realize();
        Tensor target = Tensor.Random(6).Normal((1024, 80)).Realize();
        Assert.All(Gradient(DType.Float32).Zip(Gradient(DType.Float64)), pair => Assert.Equal(pair.Second, pair.First, 2e-4 * Math.Max(1, Math.Abs(pair.Second))));

        double[] Gradient(DType type)
        {
            Tensor input = x.To(type).Detach();
            input.RequiresGrad = true;
            (input.BatchNorm(weight.To(type)) * target.To(type)).Sum().Backward();
            return input.Grad!.To(DType.Float64).ToArray<double>();
        }
    }

    private static double[] Standardized(Tensor x, int[] axes, double[] means, double[] variances)
    {
        double[] elements = x.To(DType.Float64).ToArray<double>();
        int[] kept = KeptPositions(x.Shape.ToArray(), axes);
        return [.. elements.Select((element, i) => (element - means[kept[i]]) / Math.Sqrt(variances[kept[i]]))];
    }

    private static (double[] Means, double[] Variances) TwoPasses(Tensor x, int[] axes)
    {
        double[] elements = x.To(DType.Float64).ToArray<double>();
        int[] kept = KeptPositions(x.Shape.ToArray(), axes);
        int positions = kept.Max() + 1;
        double count = (double)elements.Length / positions;
        double[] means = new double[positions];
        double[] variances = new double[positions];
        for (int i = 0; i < elements.Length; i++)
        {
            means[kept[i]] += elements[i] / count;
        }

        for (int i = 0; i < elements.Length; i++)
        {
            variances[kept[i]] += Math.Pow(elements[i] - means[kept[i]], 2) / count;
        }

        return (means, variances);
    }

    /// <summary>For each element, in row-major order, which result it belongs to.</summary>
    private static int[] KeptPositions(int[] lengths, int[] axes)
    {
        int[] positions = new int[lengths.Aggregate(1, (product, length) => product * length)];
        for (int i = 0; i < positions.Length; i++)
        {
            (int rest, int step) = (i, 1);
            for (int axis = lengths.Length - 1; axis >= 0; axis--)
            {
                if (!axes.Contains(axis))
                {
                    positions[i] += rest % lengths[axis] * step;
                    step *= lengths[axis];
                }

                rest /= lengths[axis];
            }
        }

        return positions;
    }
}
