using TensorCell.Kernels;

namespace TensorCell.Tensors.Tests;

public sealed class CumulativeTests
{
    private static readonly Dictionary<string, (Func<Tensor, int, bool, Tensor> Apply, Func<IEnumerable<double>, double> Fold)> operations = new()
    {
        ["cumsum"] = ((x, axis, reverse) => x.CumSum(axis, reverse), x => x.Sum()),
        ["cumprod"] = ((x, axis, reverse) => x.CumProd(axis, reverse), x => x.Aggregate(1.0, (product, number) => product * number)),
        ["cummax"] = ((x, axis, reverse) => x.CumMax(axis, reverse), x => x.Max()),
        ["cummin"] = ((x, axis, reverse) => x.CumMin(axis, reverse), x => x.Min()),
        ["logcumsumexp"] = ((x, axis, reverse) => x.LogCumSumExp(axis, reverse), x => Math.Log(x.Sum(Math.Exp))),
        ["argcummax"] = ((x, axis, reverse) => x.ArgCumMax(axis, reverse), x => LastIndex(x, x.Max())),
        ["argcummin"] = ((x, axis, reverse) => x.ArgCumMin(axis, reverse), x => LastIndex(x, x.Min())),
    };

    public static TheoryData<string, DType> Cases()
    {
        TheoryData<string, DType> cases = [];
        foreach (string name in operations.Keys)
        {
            foreach (DType dtype in Enum.GetValues<DType>())
            {
                cases.Add(name, dtype);
            }
        }

        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void RunsAlongAnyAxisOfAnyView(string name, DType dtype)
    {
        var (apply, fold) = operations[name];
        Samples samples = new(name.Length * (1 + (int)dtype));
        for (int trial = 0; trial < 20; trial++)
        {
            int[] shape = [.. samples.Shape(), samples.Random.Next(1, 7)];
            Sample x = samples.Tensor(shape, dtype, 0, dtype == DType.Bool ? 1 : name == "cumprod" ? 1.5 : 3);
            int axis = samples.Random.Next(shape.Length);
            bool reverse = samples.Random.Next(2) == 0;
            bool isIndex = name.StartsWith("arg", StringComparison.Ordinal);
            DType type = isIndex ? DType.Int64
                : name is "cumsum" or "cumprod" && !dtype.IsFloatingPoint ? DType.Int64
                : name == "logcumsumexp" && !dtype.IsFloatingPoint ? DType.Float64
                : dtype;
            double[] expected = [.. Reference.Indices(shape).Select(index =>
            {
                int[] others = [.. Enumerable.Range(0, shape[axis]).Where(other => reverse ? other >= index[axis] : other <= index[axis])];
                double folded = fold((reverse ? others.Reverse() : others).Select(other => Reference.At(x, [.. index.Select((at, place) => place == axis ? other : at)])));
                return isIndex && reverse ? shape[axis] - 1 - folded : folded;
            })];
            Tensor actual = apply(x.Tensor, samples.Random.Next(2) == 0 ? axis : axis - shape.Length, reverse);
            Assert.Equal(type, actual.DType);
            Comparison.Close(expected, shape, actual);
        }
    }

    [Theory]
    [InlineData(1, 200_003, 1)]
    [InlineData(3, 70_001, 1)]
    [InlineData(1, 40_000, 3)]
    [InlineData(2, 1_000, 300)]
    [InlineData(30_000, 3, 2)]
    [InlineData(70_000, 2, 1)]
    public void LongAndManyLinesAreCutAlike(int outer, int length, int inner)
    {
        foreach (bool reverse in (bool[])[false, true])
        {
            Tensor x = Tensor.Random(7).Uniform((outer, length, inner), 0, 1, DType.Float64).Realize();
            double[] numbers = x.ToArray<double>();
            double[] sums = x.CumSum(1, reverse).ToArray<double>();
            double[] greatest = x.CumMax(1, reverse).ToArray<double>();
            long[] exact = (x * 1000).To(DType.Int64).CumSum(1, reverse).ToArray<long>();
            for (int line = 0; line < outer * inner; line++)
            {
                double sum = 0;
                double extreme = double.NegativeInfinity;
                long total = 0;
                double before = 0;
                for (int index = 0; index < length; index++)
                {
                    int place = (((line / inner * length) + (reverse ? length - 1 - index : index)) * inner) + (line % inner);
                    sum += numbers[place];
                    total += (long)(numbers[place] * 1000);
                    extreme = Math.Max(extreme, numbers[place]);
                    if (exact[place] != total || greatest[place] != extreme || sums[place] < before || Math.Abs(sums[place] - sum) > 1e-12 * sum)
                    {
                        Assert.Fail($"line {line}, element {index}: {sums[place]:R} for {sum:R} after {before:R}, {greatest[place]:R} for {extreme:R}, {exact[place]} for {total}");
                    }

                    before = sums[place];
                }
            }
        }
    }

    [Fact]
    public void GradientsAreThoseOfDifferences()
    {
        Samples samples = new(3);
        for (int trial = 0; trial < 8; trial++)
        {
            int[] shape = [.. samples.Shape().Take(2).Select(length => Math.Min(length, 3)), samples.Random.Next(1, 5)];
            int axis = samples.Random.Next(shape.Length);
            bool reverse = trial % 2 == 0;
            Sample x = samples.Tensor(shape, DType.Float64, 0.3, 2);
            foreach (string name in operations.Keys.Where(name => !name.StartsWith("arg", StringComparison.Ordinal)))
            {
                GradientCheck.Run(inputs => operations[name].Apply(inputs[0], axis, reverse), 1e-5, x);
            }

            GradientCheck.Run(inputs => inputs[0].Diff(2, axis), 1e-5, x);
        }
    }

    [Theory]
    [InlineData(new double[] { 2, 0, 3, 4 })]
    [InlineData(new double[] { 0, 2, 0, 4 })]
    [InlineData(new double[] { 0, 0, 0 })]
    [InlineData(new double[] { 2, 3, 0 })]
    public void ARunningProductWithZerosHasItsGradient(double[] numbers)
    {
        Sample x = new(Tensor.From(numbers), [numbers.Length], numbers);
        GradientCheck.Run(inputs => inputs[0].CumProd(0), x);
        GradientCheck.Run(inputs => inputs[0].CumProd(0, reverse: true), x);
    }

    [Fact]
    public void NumPyAndPyTorchGiveTheSame()
    {
        NumPy.RequireTorch();
        Samples samples = new(19);
        List<(NumPyCase Case, Tensor Actual, double Tolerance)> cases = [];
        foreach (DType dtype in Enum.GetValues<DType>())
        {
            Tensor x = samples.Tensor([3, 17, 4], dtype, dtype == DType.Bool ? 0 : 1, dtype == DType.Bool ? 1 : 2).Tensor;
            double tolerance = dtype switch { DType.Float16 or DType.BFloat16 => 0.05, _ => 1e-5 };
            if (dtype is not (DType.UInt8 or DType.BFloat16))
            {
                cases.Add((NumPyCase.Of("np.cumsum(a, axis=1)" + Wide(dtype), ("a", x)), x.CumSum(1), tolerance));
                cases.Add((NumPyCase.Of("np.cumprod(a, axis=-1)" + Wide(dtype), ("a", x)), x.CumProd(-1), tolerance));
            }

            if (dtype is not DType.BFloat16)
            {
                cases.Add((NumPyCase.Of("np.maximum.accumulate(a, axis=0)", ("a", x)), x.CumMax(0), 0));
                cases.Add((NumPyCase.Of("np.diff(a, 2, axis=1)", ("a", x)), x.Diff(2, 1), tolerance / 10));
            }
        }

        Tensor y = Tensor.From([3f, 5, 5, float.NaN, 1, 9, float.NaN, 2]);
        cases.Add((NumPyCase.Of("torch.cummax(torch.from_numpy(a), 0)[0]", ("a", y)), y.CumMax(0), 0));
        cases.Add((NumPyCase.Of("torch.cummax(torch.from_numpy(a), 0)[1]", ("a", y)), y.ArgCumMax(0), 0));
        cases.Add((NumPyCase.Of("torch.cummin(torch.from_numpy(a), 0)[1]", ("a", y)), y.ArgCumMin(0), 0));
        cases.Add((NumPyCase.Of("torch.logcumsumexp(torch.from_numpy(a[:3]), 0)", ("a", y)), y[..3].LogCumSumExp(0), 1e-6));
        cases.Add((NumPyCase.Of("np.cumsum(a)", ("a", Tensor.Ones((2, 3)))), Tensor.Ones((2, 3)).CumSum(), 0));
        NumPyAnswer[] answers = NumPy.Evaluate(cases.Select(one => one.Case));
        foreach (var ((asked, actual, tolerance), answer) in cases.Zip(answers))
        {
            answer.Array.AssertEqual(actual, tolerance, asked.Code);
        }

        static string Wide(DType dtype) => dtype.IsFloatingPoint ? string.Empty : ".astype(np.int64)";
    }

    [Fact]
    public void EdgesAreKept()
    {
        Assert.Equal(Shape.Of(2, 0), Tensor.Zeros((2, 0)).CumSum(1).Shape);
        Assert.Equal(Shape.Of(0, 2), Tensor.Zeros((0, 2)).CumMax(1).Realize().Shape);
        Assert.Equal([double.NegativeInfinity, 1], Tensor.From([double.NegativeInfinity, 1]).LogCumSumExp(0).ToArray<double>());
        Assert.Equal([1000, 1000 + Math.Log(2)], Tensor.From<double>([1000, 1000]).LogCumSumExp(0).ToArray<double>());
        Assert.Equal(Shape.Of(0), Tensor.Zeros(2).Diff(5).Shape);
        Assert.Contains("cumsum: axis 2 is out of range for shape [2, 3]", Assert.Throws<ArgumentOutOfRangeException>(() => Tensor.Zeros((2, 3)).CumSum(2)).Message);
        Assert.Contains("diff: order -1", Assert.Throws<ArgumentException>(() => Tensor.Zeros(2).Diff(-1)).Message);
    }

    private static double LastIndex(IEnumerable<double> numbers, double wanted) => numbers.ToList().LastIndexOf(wanted);
}
