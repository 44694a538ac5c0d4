using System.Runtime.InteropServices;
using TensorCell.Kernels;

namespace TensorCell.Tensors.Tests;

public sealed class PrintingTests
{
    private static readonly int[][] shapes =
        [[], [1], [3], [7], [40], [2, 3], [3, 1], [1, 9], [12, 25], [2, 3, 4], [2, 1, 2, 3], [1001], [40, 30], [8, 3, 50], [2, 600], [7, 7, 7, 7]];

    [Fact]
    public void RealTensorsPrintAsInNumPy()
    {
        NumPy.Require();
        Random random = new(7);
        List<(string, int[], byte[])> cases = [];
        List<string> printed = [];
        for (int trial = 0; trial < 1200; trial++)
        {
            int[] shape = shapes[random.Next(shapes.Length)];
            bool isSingle = random.Next(2) == 0;
            double[] numbers = Numbers(random, shape.Aggregate(1, (count, length) => count * length));
            if (isSingle)
            {
                float[] singles = [.. numbers.Select(number => (float)number)];
                cases.Add(("float32", shape, MemoryMarshal.AsBytes(singles.AsSpan()).ToArray()));
                printed.Add(Tensor.From<float>(singles, Shape.Of(shape)).ToString());
            }
            else
            {
                cases.Add(("float64", shape, MemoryMarshal.AsBytes(numbers.AsSpan()).ToArray()));
                printed.Add(Tensor.From<double>(numbers, Shape.Of(shape)).ToString());
            }
        }

        Compare(cases, printed);
    }

    [Fact]
    public void IntegerBoolAndHalfTensorsPrintAsInNumPy()
    {
        NumPy.Require();
        Random random = new(8);
        List<(string, int[], byte[])> cases = [];
        List<string> printed = [];
        for (int trial = 0; trial < 300; trial++)
        {
            int[] shape = shapes[random.Next(shapes.Length)];
            int count = shape.Aggregate(1, (product, length) => product * length);
            long limit = 1L << random.Next(1, 62);
            Add<long>("int64", shape, count, () => random.NextInt64(-limit, limit));
            Add<int>("int32", shape, count, () => (int)random.NextInt64(-limit, limit));
            Add<byte>("uint8", shape, count, () => (byte)random.Next(256));
            Add<sbyte>("int8", shape, count, () => (sbyte)random.Next(-128, 128));
            Add<bool>("bool", shape, count, () => random.Next(2) == 0);
            double scale = Math.Pow(10, random.Next(-4, 4));
            Add<Half>("float16", shape, count, () => (Half)((random.NextDouble() - 0.5) * scale));
        }

        Compare(cases, printed);

        void Add<T>(string dtype, int[] shape, int count, Func<T> next)
            where T : unmanaged
        {
            T[] numbers = [.. Enumerable.Range(0, count).Select(_ => next())];
            cases.Add((dtype, shape, MemoryMarshal.AsBytes(numbers.AsSpan()).ToArray()));
            printed.Add(Tensor.From<T>(numbers, Shape.Of(shape)).ToString());
        }
    }

    [Fact]
    public void EmptyTensorsPrintAsInNumPy()
    {
        Assert.Equal("[]", Tensor.Zeros((2, 0)).ToString());
        Assert.Equal("[]", Tensor.Zeros(0).ToString());
    }

    [Fact]
    public void ViewsPrintTheirOwnElements()
    {
        Tensor x = Tensor.Arange(6, DType.Int64).Reshape(2, 3);
        Assert.Equal("[[0 3]\n [1 4]\n [2 5]]", x.T.ToString());
        Assert.Equal("[4 3]", x[1, TensorIndex.Every(-1, ..2)].ToString());
    }

    private static void Compare(List<(string, int[], byte[])> cases, List<string> printed)
    {
        string[] expected = NumPy.Print(cases);
        Assert.Equal(cases.Count, expected.Length);
        for (int index = 0; index < expected.Length; index++)
        {
            Assert.Equal(expected[index], printed[index]);
        }
    }

    /// <summary>Numbers of the kinds that lead a printer astray: ties, neighbours of powers of ten, wide ranges, zeros, infinities.</summary>
    private static double[] Numbers(Random random, int count)
    {
        double[] numbers = new double[count];
        int kind = random.Next(9);
        double scale = Math.Pow(10, random.Next(-12, 12));
        for (int index = 0; index < count; index++)
        {
            numbers[index] = kind switch
            {
                0 => random.Next(-1000, 1000),
                1 => (random.NextDouble() - 0.5) * scale,
                2 => Math.Pow(10, random.Next(-30, 30)) * (random.Next(2) == 0 ? -1 : 1),
                3 => random.Next(-4096, 4096) / 4096.0,
                4 => random.Next(1 << 20) * Math.Pow(2, random.Next(-24, 2)),
                5 => Math.Round(random.NextDouble() * 100, random.Next(6)),
                6 => BitConverter.Int64BitsToDouble(random.NextInt64()),
                7 => 1 + (random.NextDouble() * 900),
                _ => random.NextDouble() * 1e-3,
            };
            if (random.Next(count + 6) == 0)
            {
                double[] special = [0, -0.0, double.NaN, double.PositiveInfinity, double.NegativeInfinity, 1e-4, 1e8, 1e16];
                numbers[index] = special[random.Next(special.Length)];
            }
        }

        return numbers;
    }
}
