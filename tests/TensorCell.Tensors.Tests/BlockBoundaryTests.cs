using TensorCell.Kernels;

namespace TensorCell.Tensors.Tests;

/// <summary>Lengths around the widths of vectors and the multiples of blocks, in every layout, against plain loops.</summary>
public sealed class BlockBoundaryTests
{
    private static readonly int[] lengths = [1, 2, 3, 7, 8, 9, 15, 16, 17, 31, 33, 63, 64, 65, 127, 129, 255, 257, 511, 513, 1023, 1025, 2047, 2049, 4095, 4097, 8191, 8193, 16383, 16385, 32767, 32769, 65535, 65536, 65537, 131071, 131073];

    public static TheoryData<DType> Types => [DType.Bool, DType.UInt8, DType.Int8, DType.Int32, DType.Int64, DType.Float16, DType.BFloat16, DType.Float32, DType.Float64];

    [Theory]
    [MemberData(nameof(Types))]
    public void VectorsOfAnyLengthAndLayout(DType type) => Run(type, seed: 1 + (int)type, trials: 24);

    [Theory]
    [Trait("Category", "Long")]
    [MemberData(nameof(Types))]
    public void VectorsOfAnyLengthAndLayoutForLong(DType type) => Run(type, Environment.TickCount & 0xFFFFFF, trials: 400);

    [Theory]
    [InlineData(DType.Float32)]
    [InlineData(DType.Float64)]
    public void MatricesOfOddSides(DType type) => RunMatrices(type, seed: 5, trials: 40);

    [Theory]
    [Trait("Category", "Long")]
    [InlineData(DType.Float32)]
    [InlineData(DType.Float64)]
    public void MatricesOfOddSidesForLong(DType type) => RunMatrices(type, Environment.TickCount & 0xFFFFFF, trials: 1500);

    private static void Run(DType type, int seed, int trials)
    {
        Random random = new(seed);
        for (int trial = 0; trial < trials; trial++)
        {
            int length = lengths[random.Next(lengths.Length)] + random.Next(-1, 2);
            length = Math.Max(length, 0);
            Tensor x = View(random, type, length);
            double[] numbers = x.To(DType.Float64).ToArray<double>();
            string what = $"{type.Name}[{length}] of strides {string.Join(", ", x.Strides.ToArray())}, seed {seed}, trial {trial}";
            Compare(what, "elements one by one", [.. Enumerable.Range(0, Math.Min(length, 50)).Select(index => numbers[index])], x[..Math.Min(length, 50)]);
            Compare(what, "> 1", [.. numbers.Select(number => number > 1 ? 1.0 : 0)], x > 1);
            Compare(what, "where", [.. numbers.Select(number => number > 1 ? number : 1)], Tensor.Where(x > 1, x, Tensor.OnesLike(x)));
            Compare(what, "flip", [.. numbers.Reverse()], x.Flip());
            Compare(what, "sort", [.. numbers.Order()], x.Sort());
            Compare(what, "argsort", [.. numbers.Select((number, index) => (number, index)).OrderBy(pair => pair.number).Select(pair => (double)pair.index)], x.ArgSort());
            Compare(what, "nonzero", [.. Enumerable.Range(0, length).Where(index => numbers[index] != 0).Select(index => (double)index)], x.NonZero()[0]);
            Compare(what, "masked", [.. numbers.Where(number => number > 0)], x.MaskedSelect(x > 0));
            Compare(what, "unique", [.. numbers.Distinct().Order()], x.Unique());
            Compare(what, "count", [numbers.Count(number => number != 0)], x.CountNonZero());
            Compare(what, "any, all", [numbers.Any(number => number != 0) ? 1 : 0, numbers.All(number => number != 0) ? 1 : 0], Tensor.Stack(0, x.Any(), x.All()));
            Compare(what, "roll", [.. Enumerable.Range(0, length).Select(index => numbers[(index + length - (3 % Math.Max(length, 1))) % length])], x.Roll(3));
            Compare(what, "concat", [.. numbers, .. numbers.Skip(1)], Tensor.Concat(0, x, x[Math.Min(1, length)..]));
            Compare(what, "sum of i64", [numbers.Sum(Math.Truncate)], x.To(DType.Int64).Sum());
            Compare(what, "cumsum of i64", Running(numbers.Select(Math.Truncate), (sum, number) => sum + number), x.To(DType.Int64).CumSum(0));
            if (length > 0)
            {
                Compare(what, "max, min", [numbers.Max(), numbers.Min()], Tensor.Stack(0, x.Max(), x.Min()));
                Compare(what, "argmax, argmin", [Array.IndexOf(numbers, numbers.Max()), Array.IndexOf(numbers, numbers.Min())], Tensor.Stack(0, x.ArgMax(), x.ArgMin()));
                Compare(what, "cummax", Running(numbers, Math.Max), x.CumMax(0));
                Compare(what, "take", [.. Enumerable.Range(0, length).Select(index => numbers[(int)(index * 7L % length)])], x.Take((Tensor.Arange(length, DType.Int64) * 7).Modulo(length)));
            }
        }
    }

    private static void RunMatrices(DType type, int seed, int trials)
    {
        Random random = new(seed);
        for (int trial = 0; trial < trials; trial++)
        {
            (int rows, int columns) = (Side(random), Side(random));
            Tensor x = View(random, type, rows * columns).Reshape(rows, columns);
            x = random.Next(2) == 0 ? x : x.T.Clone().T;
            double[] numbers = x.To(DType.Float64).ToArray<double>();
            string what = $"{type.Name}[{rows}, {columns}], seed {seed}, trial {trial}";
            double[] sums = new double[columns];
            double[] totals = new double[rows];
            for (int index = 0; index < numbers.Length; index++)
            {
                sums[index % columns] += numbers[index];
                totals[index / columns] += numbers[index];
            }

            Compare(what, "transposed", [.. Enumerable.Range(0, rows * columns).Select(index => numbers[((index % rows) * columns) + (index / rows)])], x.T.Contiguous());
            Compare(what, "sum of columns", sums, x.Sum(0));
            Compare(what, "sum of rows", totals, x.Sum(1));
            Compare(what, "less the means", [.. numbers.Select((number, index) => number - (totals[index / columns] / columns))], x - x.Mean(1, keepDims: true), 1e-5);
            Tensor parameter = x.Detach();
            parameter.RequiresGrad = true;
            Tensor weights = Tensor.Linspace(-1, 1, rows * columns, type).Reshape(rows, columns);
            ((parameter - parameter.Mean(0, keepDims: true)) * weights).Sum().Backward();
            double[] slopes = weights.To(DType.Float64).ToArray<double>();
            double[] means = [.. Enumerable.Range(0, columns).Select(column => Enumerable.Range(0, rows).Average(row => slopes[(row * columns) + column]))];
            Compare(what, "gradient of less the means", [.. slopes.Select((slope, index) => slope - means[index % columns])], parameter.Grad!, 1e-5);
            int inner = Side(random);
            Tensor other = View(random, type, columns * inner).Reshape(columns, inner);
            double[] right = other.To(DType.Float64).ToArray<double>();
            double[] product = new double[rows * inner];
            for (int row = 0; row < rows; row++)
            {
                for (int middle = 0; middle < columns; middle++)
                {
                    for (int column = 0; column < inner; column++)
                    {
                        product[(row * inner) + column] += numbers[(row * columns) + middle] * right[(middle * inner) + column];
                    }
                }
            }

            Compare(what, $"product with [{columns}, {inner}]", product, x.MatMul(other), 1e-5);
            Compare(what, $"product with [{columns}, {inner}], relu", [.. product.Select(number => Math.Max(number + 1, 0))], (x.MatMul(other) + 1).Relu(), 1e-5);
        }
    }

    private static int Side(Random random) => random.Next(3) switch
    {
        0 => random.Next(1, 9),
        1 => (int)Math.Pow(2, random.Next(3, 8)) + random.Next(-1, 2),
        _ => random.Next(1, 70),
    };

    /// <summary>A vector of small integers: in order, backwards, with steps, one element repeated, an offset, windows that overlap.</summary>
    private static Tensor View(Random random, DType type, int length)
    {
        int low = type is DType.Bool or DType.UInt8 ? 0 : -5;
        int high = type == DType.Bool ? 1 : 5;
        return random.Next(7) switch
        {
            0 => Stored(length).Flip(),
            1 => Stored((length * 2) + 1)[TensorIndex.Every(2, 1..)],
            2 => Stored(length * 3)[TensorIndex.Every(-3)],
            3 => Stored(length + 3)[3..],
            4 => Stored(1).BroadcastTo(length),
            5 when length > 0 => Stored(length + 1)[..^1],
            _ => Stored(length),
        };

        Tensor Stored(int count)
        {
            double[] numbers = new double[count];
            for (int index = 0; index < count; index++)
            {
                numbers[index] = random.Next(low, high + 1);
            }

            return Tensor.From(numbers).To(type).Realize();
        }
    }

    private static double[] Running(IEnumerable<double> numbers, Func<double, double, double> fold)
    {
        List<double> found = [];
        foreach (double number in numbers)
        {
            found.Add(found.Count == 0 ? number : fold(found[^1], number));
        }

        return [.. found];
    }

    private static void Compare(string what, string operation, double[] expected, Tensor found, double tolerance = 0)
    {
        double[] numbers = found.To(DType.Float64).ToArray<double>();
        Assert.True(expected.Length == numbers.Length, $"{operation} of {what}: {numbers.Length} elements for {expected.Length}");
        for (int index = 0; index < numbers.Length; index++)
        {
            if (!(Math.Abs(numbers[index] - expected[index]) <= tolerance * (1 + Math.Abs(expected[index]))))
            {
                Assert.Fail($"{operation} of {what}: element {index} is {numbers[index]}, expected {expected[index]}");
            }
        }
    }
}
