using TensorCell.Kernels;

namespace TensorCell.Tensors.Tests;

public sealed class SelectionTests
{
    public static TheoryData<DType> Types => [.. Enum.GetValues<DType>()];

    [Theory]
    [MemberData(nameof(Types))]
    public void TheFirstFewAreThoseOfASort(DType dtype)
    {
        foreach ((int[] shape, int axis, int count) in (ReadOnlySpan<(int[], int, int)>)
            [([5000], 0, 1), ([3, 2000], 1, 7), ([2000, 3], 0, 100), ([4, 30], -1, 30), ([300_000], 0, 50), ([300_000], 0, 3000), ([20, 1100], 1, 5), ([4, 3], 0, 0), ([2, 2000], 1, 0)])
        {
            Tensor x = Tensor.Random(3).Normal(Shape.Of(shape), 0, 30).Abs().To(dtype).Realize();
            foreach (bool largest in (bool[])[true, false])
            {
                (Tensor sorted, Tensor order) = x.SortWithIndices(axis, largest);
                (Tensor values, Tensor indices) = x.TopK(count, axis, largest);
                AssertSame(sorted.Slice(axis, ..count), values);
                AssertSame(order.Slice(axis, ..count), indices);
                (Tensor placed, Tensor places) = x.TopK(count, axis, largest, sorted: false);
                AssertSame(indices.Sort(axis), places);
                AssertSame(values.Sort(axis), placed.Sort(axis));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void TheFirstFewAreFoundHoweverALineIsOrdered(DType dtype)
    {
        Random random = new(5);
        double[] special = dtype.IsFloatingPoint ? [double.NaN, -double.NaN, 0.0, -0.0, double.PositiveInfinity, double.NegativeInfinity, 1e-7, -1e-7] : [0, 1, 127];
        foreach (int length in (ReadOnlySpan<int>)[40, 97, 257, 1024, 2065, 9000, 33_003, 140_000])
        {
            int period = 1 << random.Next(4, 10);
            foreach (Func<int, double> element in (ReadOnlySpan<Func<int, double>>)[
                index => index * 120.0 / length, index => 120 - (index * 120.0 / length), index => index % period == 3 ? random.Next(100) : random.NextDouble(),
                _ => special[random.Next(special.Length)], index => index < length / 2 ? 7 : random.Next(6, 9), _ => 3])
            {
                Tensor x = Tensor.From<double>([.. Enumerable.Range(0, length).Select(element)]).To(dtype).Realize();
                int count = Math.Min(length, 1 << random.Next(9));
                bool largest = random.Next(2) == 0;
                (Tensor sorted, Tensor order) = x.SortWithIndices(0, largest);
                (Tensor values, Tensor indices) = x.TopK(count, 0, largest);
                AssertSame(sorted.Slice(0, ..count), values);
                AssertSame(order.Slice(0, ..count), indices);
            }
        }
    }

    [Fact]
    public void TheFirstFewOfElementsThatKeepComingFirst()
    {
        Tensor rising = Tensor.Arange(200_000, DType.Float32);
        Assert.Equal([199_999f, 199_998, 199_997], rising.TopK(3).Values.ToArray<float>());
        Assert.Equal([0L, 1, 2], rising.TopK(3, largest: false).Indices.ToArray<long>());
        Assert.Equal([0L, 1, 2], Tensor.Zeros(5000).TopK(3).Indices.ToArray<long>());
        Tensor withNaN = Tensor.Concat(0, rising, Tensor.From([float.NaN]), rising);
        Assert.Equal([200_000L, 199_999, 400_000], withNaN.TopK(3).Indices.ToArray<long>());
    }

    [Fact]
    public void GradientsGoToWhatWasChosen()
    {
        Samples samples = new(4);
        Sample x = samples.Tensor([3, 5], DType.Float64, -1, 1);
        GradientCheck.Run(inputs => inputs[0].TopK(2, 1).Values, x);
        GradientCheck.Run(inputs => inputs[0].TopK(2, 0, largest: false, sorted: false).Values, x);
        GradientCheck.Run(inputs => inputs[0].Median(), x);
        GradientCheck.Run(inputs => inputs[0].Median(0, keepDims: true), x);
        GradientCheck.Run(inputs => inputs[0].Quantile(0.3, 1), x);
        GradientCheck.Run(inputs => inputs[0].Quantile([0, 0.61, 1], (0, 1)), x);
    }

    [Fact]
    public void NumPyGivesTheSameQuantiles()
    {
        NumPy.Require();
        Samples samples = new(12);
        List<(NumPyCase Case, Tensor Actual, double Tolerance)> cases = [];
        foreach (DType dtype in Enum.GetValues<DType>().Where(dtype => dtype is not (DType.BFloat16 or DType.Bool)))
        {
            Tensor x = samples.Tensor([3, 8, 5], dtype, 0, 100).Tensor;
            string type = dtype.IsFloatingPoint ? $".astype(a.dtype)" : string.Empty;
            double tolerance = dtype == DType.Float16 ? 2e-3 : dtype == DType.Float32 ? 1e-6 : 1e-14;
            cases.Add((NumPyCase.Of("np.asarray(np.median(a))" + type, ("a", x)), x.Median(), tolerance));
            cases.Add((NumPyCase.Of("np.median(a, axis=(0, 2), keepdims=True)" + type, ("a", x)), x.Median((0, -1), keepDims: true), tolerance));
            cases.Add((NumPyCase.Of("np.median(a, axis=1)" + type, ("a", x)), x.Median(1), tolerance));
            cases.Add((NumPyCase.Of("np.quantile(a, 0.77, axis=1)" + type, ("a", x)), x.Quantile(0.77, 1), tolerance));
            cases.Add((NumPyCase.Of("np.quantile(a, [0, 0.1, 0.5, 1], axis=(1, 2))" + type, ("a", x)), x.Quantile([0, 0.1, 0.5, 1], (1, 2)), tolerance));
        }

        Tensor y = Tensor.From<double>([1, double.NaN, 3, 2, double.PositiveInfinity, double.PositiveInfinity], (2, 3));
        cases.Add((NumPyCase.Of("np.median(a, axis=1)", ("a", y)), y.Median(1), 0));
        cases.Add((NumPyCase.Of("np.median(a[1])", ("a", y)), y[1].Median(), 0));
        Check(cases);
        Assert.Equal(double.PositiveInfinity, y[1].Quantile(0.75).ToDouble());
        Assert.Contains("part 1.5", Assert.Throws<ArgumentException>(() => y.Quantile(1.5)).Message);
        Assert.Contains("median: axis 0 of shape [0]", Assert.Throws<ArgumentException>(() => Tensor.Zeros(0).Median()).Message);
    }

    [Fact]
    public void NumPyFindsTheSameElements()
    {
        NumPy.Require();
        Samples samples = new(13);
        List<(NumPyCase Case, Tensor Actual, double Tolerance)> cases = [];
        foreach (DType dtype in Enum.GetValues<DType>().Where(dtype => dtype != DType.BFloat16))
        {
            Sample sample = samples.Tensor([7, 9], dtype, 0, 12);
            Tensor x = sample.Tensor.To(DType.Int32).To(dtype);
            UniqueElements all = x.UniqueAll();
            cases.Add((NumPyCase.Of("np.unique(a)", ("a", x)), x.Unique(), 1e-9));
            cases.Add((NumPyCase.Of("np.unique(a)", ("a", x)), all.Values, 1e-9));
            cases.Add((NumPyCase.Of("np.unique(a, return_index=True)[1]", ("a", x)), all.Indices, 0));
            cases.Add((NumPyCase.Of("np.unique(a, return_inverse=True)[1].reshape(a.shape)", ("a", x)), all.Inverse, 0));
            cases.Add((NumPyCase.Of("np.unique(a, return_counts=True)[1]", ("a", x)), all.Counts, 0));
            Tensor line = samples.Tensor([40], dtype, 0, 12).Tensor.Sort();
            cases.Add((NumPyCase.Of("np.searchsorted(b, a)", ("a", x), ("b", line)), line.SearchSorted(x), 0));
            cases.Add((NumPyCase.Of("np.searchsorted(b, a, side='right')", ("a", x), ("b", line)), line.SearchSorted(x, right: true), 0));
        }

        Tensor y = Tensor.From<double>([3, double.NaN, 0, -0.0, double.NaN, 3]);
        cases.Add((NumPyCase.Of("np.unique(a)", ("a", y)), y.Unique(), 1e-9));
        cases.Add((NumPyCase.Of("np.unique(a, return_counts=True)[1]", ("a", y)), y.UniqueAll().Counts, 0));
        cases.Add((NumPyCase.Of("np.searchsorted(a, [np.nan, 2, 9], side='right')", ("a", y.Sort())), y.Sort().SearchSorted(Tensor.From([double.NaN, 2, 9]), right: true), 0));
        Check(cases);
        Tensor lines = Tensor.From<double>([1, 3, 5, 2, 4, 6], (2, 3));
        Assert.Equal([0L, 1, 0, 1], lines.SearchSorted(Tensor.From<double>([1, 2, 1, 4], (2, 2))).ToArray<long>());
        Assert.Contains("searchsorted: [2, 3] for elements of shape [3]", Assert.Throws<ArgumentException>(() => lines.SearchSorted(Tensor.Zeros(3))).Message);
        Tensor many = Tensor.Random(2).Integers(300_000, 0, 70_000);
        Assert.Equal(many.ToArray<long>().Distinct().Order(), many.Unique().ToArray<long>());
        Assert.Empty(Tensor.Zeros(0).Unique().ToArray<float>());
        Assert.Empty(Tensor.Zeros(0).UniqueAll().Counts.ToArray<long>());
    }

    [Fact]
    public void NumPyCountsTheSame()
    {
        NumPy.Require();
        Samples samples = new(14);
        List<(NumPyCase Case, Tensor Actual, double Tolerance)> cases = [];
        Tensor weights = Tensor.Random(5).Uniform(3000, -1, 1, DType.Float64);
        foreach (DType dtype in Enum.GetValues<DType>().Where(dtype => dtype is not (DType.BFloat16 or DType.Bool or DType.Float16)))
        {
            Tensor x = samples.Tensor([3000], dtype, 0, 60).Tensor;
            cases.Add((NumPyCase.Of("np.histogram(a, 7)[0]", ("a", x)), x.Histogram(7).Counts, 0));
            cases.Add((NumPyCase.Of("np.histogram(a, 7)[1]", ("a", x)), x.Histogram(7).Edges, 1e-15));
            cases.Add((NumPyCase.Of("np.histogram(a, 13, range=(5, 31))[0]", ("a", x)), x.Histogram(13, (5, 31)).Counts, 0));
            cases.Add((NumPyCase.Of("np.histogram(a, 10, weights=w)[0]", ("a", x), ("w", weights)), x.Histogram(weights: weights).Counts, 1e-12));
            cases.Add((NumPyCase.Of("np.histogram(a, 10, density=True)[0].astype(np.float64)", ("a", x)), x.Histogram(density: true).Counts, 1e-6));
            Tensor edges = Tensor.From<double>([3, 7, 7.5, 40, 58]);
            cases.Add((NumPyCase.Of("np.histogram(a, b)[0]", ("a", x), ("b", edges)), x.Histogram(edges).To(DType.Int64), 0));
            if (!dtype.IsFloatingPoint)
            {
                cases.Add((NumPyCase.Of("np.bincount(a)", ("a", x)), x.BinCount(), 0));
                cases.Add((NumPyCase.Of("np.bincount(a, w, 100)", ("a", x), ("w", weights)), x.BinCount(weights, 100), 1e-12));
            }
        }

        Tensor large = Tensor.Random(6).Normal(400_000);
        cases.Add((NumPyCase.Of("np.histogram(a, 50)[0]", ("a", large)), large.Histogram(50).Counts, 0));
        Tensor same = Tensor.Full(3, 2.0, DType.Float64);
        cases.Add((NumPyCase.Of("np.histogram(a, 3)[1]", ("a", same)), same.Histogram(3).Edges, 1e-15));
        Check(cases);
        Assert.Contains("histogram: 0 bins", Assert.Throws<ArgumentException>(() => same.Histogram(0)).Message);
        Assert.Contains("not finite", Assert.Throws<ArgumentException>(() => Tensor.From([1, double.NaN]).Histogram()).Message);
        Assert.Contains("bincount: element -1", Assert.Throws<ArgumentException>(() => Tensor.From([-1, 2]).BinCount()).Message);
        Assert.Contains("found f64", Assert.Throws<ArgumentException>(() => same.BinCount()).Message);
        Assert.Equal([0L, 0], Tensor.Zeros(0).Histogram(2).Counts.ToArray<long>());
    }

    private static void Check(List<(NumPyCase Case, Tensor Actual, double Tolerance)> cases)
    {
        NumPyAnswer[] answers = NumPy.Evaluate(cases.Select(one => one.Case));
        foreach (var ((asked, actual, tolerance), answer) in cases.Zip(answers))
        {
            answer.Array.AssertEqual(actual, tolerance, $"{asked.Code} of {asked.Arrays[0].Array.DType.Name}");
        }
    }

    private static void AssertSame(Tensor expected, Tensor actual)
    {
        Assert.Equal(expected.Shape, actual.Shape);
        Assert.Equal(expected.DType, actual.DType);
        Assert.Equal(expected.To(DType.Float64).ToArray<double>(), actual.To(DType.Float64).ToArray<double>());
    }
}
