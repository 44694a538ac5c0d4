using TensorCell.Kernels;

namespace TensorCell.Tensors.Tests;

public sealed class OrderingTests
{
    public static TheoryData<DType> Types => [.. Enum.GetValues<DType>()];

    [Theory]
    [MemberData(nameof(Types))]
    public void SortsAlongAnyAxisOfAnyView(DType dtype)
    {
        Samples samples = new(31 + (int)dtype);
        for (int trial = 0; trial < 40; trial++)
        {
            int[] shape = [.. samples.Shape(), samples.Random.Next(0, 30)];
            Sample x = samples.Tensor(shape, dtype, dtype == DType.UInt8 ? 0 : -5, 5);
            int axis = samples.Random.Next(shape.Length);
            bool descending = samples.Random.Next(2) == 0;
            int named = samples.Random.Next(2) == 0 ? axis : axis - shape.Length;
            double[] order = Lines(x, axis, line => Order(line, descending));
            double[] sorted = Lines(x, axis, line => Order(line, descending).Select(index => line[(int)index]));
            Comparison.Close(sorted, shape, x.Tensor.Sort(named, descending), "sort");
            Comparison.Close(order, shape, x.Tensor.ArgSort(named, descending), "argsort");
            (Tensor values, Tensor indices) = x.Tensor.SortWithIndices(named, descending);
            Assert.Equal(dtype, values.DType);
            Comparison.Close(order, shape, indices, "indices");
            Comparison.Close(sorted, shape, values, "values");
        }
    }

    [Theory]
    [InlineData(1, 300_001)]
    [InlineData(1, 1_200_000)]
    [InlineData(3, 140_000)]
    [InlineData(37, 1000)]
    [InlineData(15, 1024)]
    [InlineData(16, 5)]
    [InlineData(40, 3000)]
    [InlineData(20_000, 3)]
    public void LongLinesAndManyLinesAreInOrder(int lines, int length)
    {
        Tensor[] kinds =
        [
            Tensor.Random(1).Normal((lines, length)),
            Tensor.Random(2).Uniform((lines, length), dtype: DType.Float64),
            Tensor.Random(3).Integers((lines, length), -3, 1000, DType.Int32),
            Tensor.Random(4).Integers((lines, length), long.MinValue, long.MaxValue),
            Tensor.Random(5).Integers((lines, length), 0, 2),
            Tensor.Random(6).Normal((lines, length)) * Tensor.Where(Tensor.Random(7).Uniform((lines, length)) < 0.001, 1e30, 1e-20),
            Tensor.Where(Tensor.Random(8).Uniform((lines, length)) < 0.01, double.NaN, Tensor.Random(9).Normal((lines, length)).Round()),
            Tensor.Full((lines, length), 3.5),
        ];
        foreach (Tensor x in kinds)
        {
            foreach (bool descending in (bool[])[false, true])
            {
                Tensor sorted = x.Sort(-1, descending);
                (Tensor values, Tensor order) = x.SortWithIndices(-1, descending);
                AssertOrder(x, values, order, lines, length, descending);
                Assert.True(Tensor.Where(sorted.IsNaN(), values.IsNaN(), sorted.EqualTo(values)).All().Item<bool>());
            }
        }
    }

    [Fact]
    public void NaNIsTheGreatestAndEqualElementsKeepTheirOrder()
    {
        Tensor x = Tensor.From([double.NaN, 1, -0.0, double.PositiveInfinity, 0.0, -double.NaN, double.NegativeInfinity, 1]);
        Assert.Equal([6, 2, 4, 1, 7, 3, 0, 5], x.ArgSort().ToArray<long>());
        Assert.Equal([0, 5, 3, 1, 7, 2, 4, 6], x.ArgSort(descending: true).ToArray<long>());
        foreach (DType dtype in (DType[])[DType.Float16, DType.BFloat16, DType.Float32, DType.Float64])
        {
            Assert.Equal([6, 2, 4, 1, 7, 3, 0, 5], x.To(dtype).ArgSort().ToArray<long>());
            double[] sorted = x.To(dtype).Sort().To(DType.Float64).ToArray<double>();
            Assert.Equal([double.NegativeInfinity, 0, 0, 1, 1, double.PositiveInfinity, double.NaN, double.NaN], sorted);
        }
    }

    [Fact]
    public void GradientsGoToWhereElementsWere()
    {
        Samples samples = new(8);
        for (int trial = 0; trial < 6; trial++)
        {
            int[] shape = [.. samples.Shape().Take(1).Select(length => Math.Min(length, 3)), samples.Random.Next(1, 5), samples.Random.Next(1, 4)];
            int axis = samples.Random.Next(shape.Length);
            Sample x = samples.Tensor(shape, DType.Float64, -1, 1);
            GradientCheck.Run(inputs => inputs[0].Sort(axis, trial % 2 == 0), x);
        }
    }

    [Fact]
    public void ScopesMayEndBeforeTheSecondResultIsRead()
    {
        Tensor x = Tensor.Random(1).Normal(1000).Realize();
        Tensor values;
        Tensor indices;
        using (TensorScope scope = Tensor.Scope())
        {
            (values, indices) = x.SortWithIndices();
            values = scope.Keep(values.Realize());
        }

        Assert.Equal(values.ToArray<float>(), x.Take(indices).ToArray<float>());
    }

    [Fact]
    public void AScalarHasNoOrder() => Assert.Contains(
        "sort: axis -1 of a scalar", Assert.Throws<ArgumentOutOfRangeException>(() => Tensor.Scalar(1f).Sort()).Message);

    private static void AssertOrder(Tensor x, Tensor values, Tensor order, int lines, int length, bool descending)
    {
        double[] elements = x.To(DType.Float64).ToArray<double>();
        double[] sorted = values.To(DType.Float64).ToArray<double>();
        long[] places = order.ToArray<long>();
        long[] exact = x.DType == DType.Int64 ? x.ToArray<long>() : [];
        for (int line = 0; line < lines; line++)
        {
            bool[] seen = new bool[length];
            for (int index = 0; index < length; index++)
            {
                int own = (line * length) + index;
                int place = (line * length) + (int)places[own];
                Assert.False(seen[places[own]]);
                seen[places[own]] = true;
                Assert.True(sorted[own].Equals(elements[place]) || sorted[own] == elements[place]);
                if (index > 0)
                {
                    int before = (line * length) + (int)places[own - 1];
                    int comparison = exact.Length > 0 ? exact[before].CompareTo(exact[place]) : Compare(elements[before], elements[place]);
                    Assert.True((descending ? -comparison : comparison) < 0 || (comparison == 0 && places[own - 1] < places[own]));
                }
            }
        }
    }

    /// <summary>NaN is the greatest.</summary>
    private static int Compare(double left, double right) =>
        double.IsNaN(left) || double.IsNaN(right) ? double.IsNaN(left).CompareTo(double.IsNaN(right)) : left < right ? -1 : left > right ? 1 : 0;

    private static IEnumerable<double> Order(double[] line, bool descending) => Enumerable.Range(0, line.Length)
        .OrderBy(index => line[index], Comparer<double>.Create((left, right) => descending ? Compare(right, left) : Compare(left, right)))
        .Select(index => (double)index);

    /// <summary>A function of each line along an axis, put back in place.</summary>
    private static double[] Lines(Sample x, int axis, Func<double[], IEnumerable<double>> function)
    {
        int[] others = [.. x.Shape.Select((length, index) => index == axis ? Math.Min(length, 1) : length)];
        double[] result = new double[x.Numbers.Length];
        foreach (int[] start in Reference.Indices(others))
        {
            int[] places = [.. Enumerable.Range(0, x.Shape[axis]).Select(index => Flat(x.Shape, start, axis, index))];
            foreach ((int place, double element) in places.Zip(function([.. places.Select(place => x.Numbers[place])])))
            {
                result[place] = element;
            }
        }

        return result;
    }

    private static int Flat(int[] shape, int[] start, int axis, int index)
    {
        int flat = 0;
        for (int other = 0; other < shape.Length; other++)
        {
            flat = (flat * shape[other]) + (other == axis ? index : start[other]);
        }

        return flat;
    }
}
