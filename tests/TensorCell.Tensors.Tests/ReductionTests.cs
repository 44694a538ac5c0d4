using TensorCell.Kernels;

namespace TensorCell.Tensors.Tests;

public sealed class ReductionTests
{
    private static readonly Dictionary<string, (Func<Tensor, Axes, bool, Tensor> Apply, Func<IReadOnlyList<double>, double> Fold)> operations =
        new()
        {
            ["sum"] = ((x, axes, keep) => x.Sum(axes, keep), x => x.Sum()),
            ["mean"] = ((x, axes, keep) => x.Mean(axes, keep), x => x.Count == 0 ? double.NaN : x.Average()),
            ["max"] = ((x, axes, keep) => x.Max(axes, keep), x => x.Max()),
            ["min"] = ((x, axes, keep) => x.Min(axes, keep), x => x.Min()),
            ["prod"] = ((x, axes, keep) => x.Prod(axes, keep), x => x.Aggregate(1.0, (product, number) => product * number)),
            ["var"] = ((x, axes, keep) => x.Var(axes, keep), x => Variance(x, 0)),
            ["std"] = ((x, axes, keep) => x.Std(axes, keep, correction: 1), x => Math.Sqrt(Variance(x, 1))),
            ["any"] = ((x, axes, keep) => (x > 0.5).Any(axes, keep), x => x.Any(number => number > 0.5) ? 1 : 0),
            ["all"] = ((x, axes, keep) => (x > 0.5).All(axes, keep), x => x.All(number => number > 0.5) ? 1 : 0),
        };

    public static TheoryData<string, DType> Cases()
    {
        TheoryData<string, DType> cases = [];
        foreach (string name in operations.Keys)
        {
            foreach (DType dtype in (DType[])[DType.Float32, DType.Float64, DType.Int32, DType.Int64])
            {
                cases.Add(name, dtype);
            }
        }

        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void FoldsAnyAxesOfAnyView(string name, DType dtype)
    {
        var (apply, fold) = operations[name];
        Samples samples = new(name.Length * (int)dtype);
        for (int trial = 0; trial < 12; trial++)
        {
            bool needsElements = name is "max" or "min";
            Sample x = samples.Tensor(samples.Shape(canBeEmpty: !needsElements), dtype, 0, 2);
            int[] axes = [.. Enumerable.Range(0, x.Shape.Length).Where(_ => samples.Random.Next(2) == 0)];
            bool keepDims = samples.Random.Next(2) == 0;
            int[] named = [.. axes.Select(axis => samples.Random.Next(2) == 0 ? axis : axis - x.Shape.Length)];
            if (axes.Length == 0)
            {
                axes = [.. Enumerable.Range(0, x.Shape.Length)];
            }

            int[] shape =
            [
                .. x.Shape.Select((length, axis) => axes.Contains(axis) ? (keepDims ? 1 : -1) : length).Where(length => length >= 0),
            ];
            DType type = name switch
            {
                "any" or "all" => DType.Bool,
                "sum" or "prod" when !dtype.IsFloatingPoint => DType.Int64,
                "mean" or "var" or "std" when !dtype.IsFloatingPoint => DType.Float64,
                _ => dtype,
            };
            Reference.AssertClose(Reference.Reduce(x, axes, fold), shape, type, apply(x.Tensor, named, keepDims), tolerance: 64);
        }
    }

    [Theory]
    [InlineData(DType.Float32)]
    [InlineData(DType.Int64)]
    public void FindsTheFirstExtreme(DType dtype)
    {
        Samples samples = new(5);
        for (int trial = 0; trial < 30; trial++)
        {
            Sample x = samples.Tensor(samples.Shape(canBeEmpty: false), dtype, 0, 3);
            Sample whole = new(x.Tensor.Round(), x.Shape, [.. x.Numbers.Select(number => Math.Round(number))]);
            int[] all = [.. Enumerable.Range(0, x.Shape.Length)];
            Reference.AssertClose(
                Reference.Reduce(whole, all, row => IndexOf(row, row.Max())), [], DType.Int64, whole.Tensor.ArgMax());
            for (int axis = 0; axis < x.Shape.Length; axis++)
            {
                int[] shape = [.. x.Shape.Where((_, other) => other != axis)];
                Reference.AssertClose(
                    Reference.Reduce(whole, [axis], row => IndexOf(row, row.Max())), shape, DType.Int64, whole.Tensor.ArgMax(axis));
                Reference.AssertClose(
                    Reference.Reduce(whole, [axis], row => IndexOf(row, row.Min())), shape, DType.Int64, whole.Tensor.ArgMin(axis));
            }
        }
    }

    [Fact]
    public void NaNWinsEveryExtreme()
    {
        Tensor x = Tensor.From([1f, float.NaN, 3f]);
        Assert.True(float.IsNaN((float)x.Max()));
        Assert.True(float.IsNaN((float)x.Min()));
        Assert.Equal(1, (int)x.ArgMax());
        Assert.Equal(1, (int)x.ArgMin());
    }

    [Fact]
    public void EmptyReductionsFollowNumPy()
    {
        Tensor empty = Tensor.Zeros((0, 3));
        Assert.Equal(0f, (float)empty.Sum());
        Assert.Equal(1f, (float)empty.Prod());
        Assert.True(float.IsNaN((float)empty.Mean()));
        Assert.Equal([0f, 0, 0], empty.Sum(0).ToArray<float>());
        Assert.Equal(Shape.Of(0), empty.Max(1).Shape);
        ArgumentException error = Assert.Throws<ArgumentException>(() => empty.Max(0));
        Assert.Equal("max: axis 0 of shape [0, 3] has no elements to choose from", error.Message);
        Assert.Throws<ArgumentException>(() => empty.ArgMin());
    }

    [Fact]
    public void TruthIsCounted()
    {
        Tensor x = Tensor.From([1f, -1, 2, -3]);
        Assert.Equal(2, (long)(x > 0).Sum());
        Assert.Equal(0.5, (double)(x > 0).Mean());
        Assert.True((bool)(x > 0).Max());
        Assert.Equal(DType.Bool, (x > 0).Min().DType);
    }

    [Fact]
    public void LongSumsKeepTheirPrecision()
    {
        Tensor x = Tensor.Full(200_000, 0.1).Contiguous() + Tensor.Zeros(200_000);
        Assert.Equal(200_000 * (double)0.1f, (double)x.Sum(), 0.05);
    }

    [Fact]
    public void SoftmaxSumsToOneAndDoesNotOverflow()
    {
        Tensor x = Tensor.From([1000f, 1001, 1002, -1000, 0, 1]).Reshape(2, 3);
        Tensor softmax = x.Softmax();
        Assert.Equal([1f, 1f], [.. softmax.Sum(-1).ToArray<float>().Select(sum => MathF.Round(sum, 5))]);
        double[] expected = [0.09003057317038046, 0.24472847105479764, 0.6652409557748219, 0, 0.2689414213699951, 0.7310585786300049];
        Reference.AssertClose(expected, [2, 3], DType.Float32, softmax);
        Reference.AssertClose(
            [-2.4076059644443806, -1.4076059644443804, -0.4076059644443804, -1001.3132616875182, -1.3132616875182228, -0.3132616875182228],
            [2, 3],
            DType.Float32,
            x.LogSoftmax());
        Assert.Equal(double.NegativeInfinity, (double)Tensor.Full(3, double.NegativeInfinity).LogSumExp());
    }

    [Fact]
    public void AnAxisThatIsNotThereIsNamed()
    {
        ArgumentOutOfRangeException error = Assert.Throws<ArgumentOutOfRangeException>(() => Tensor.Zeros((2, 3)).Sum(2));
        Assert.Equal("sum: axis 2 is out of range for shape [2, 3]; use -2 to 1", error.Message);
        Assert.Throws<ArgumentException>(() => Tensor.Zeros((2, 3)).Sum((0, -2)));
    }

    private static double IndexOf(IReadOnlyList<double> row, double number)
    {
        int index = 0;
        while (row[index] != number)
        {
            index++;
        }

        return index;
    }

    private static double Variance(IReadOnlyList<double> numbers, double correction)
    {
        if (numbers.Count == 0)
        {
            return double.NaN;
        }

        double mean = numbers.Average();
        return numbers.Sum(number => (number - mean) * (number - mean)) / Math.Max(0, numbers.Count - correction);
    }
}
