using TensorCell.Kernels;
using TensorCell.Kernels.Simd;

namespace TensorCell.Tensors.Tests;

[Collection(nameof(EngineSettings))]
public sealed class RowLengthTests : IDisposable
{
    private readonly int bits = VectorWidth.Bits;

    public static MatrixTheoryData<DType, int> TypesAndWidths =>
        new([DType.Float32, DType.Float64, DType.Float16, DType.UInt8, DType.Int64], [128, 256, 512]);

    public void Dispose() => VectorWidth.Bits = bits;

    [Theory]
    [InlineData(DType.Float32)]
    [InlineData(DType.Float64)]
    [InlineData(DType.Float16)]
    [InlineData(DType.Int32)]
    [InlineData(DType.Int64)]
    [InlineData(DType.UInt8)]
    public void TheFirstExtremeOfRowsOfEveryLength(DType dtype)
    {
        Random random = new(9);
        for (int length = 1; length <= 200; length = length < 70 ? length + 1 : length + 13)
        {
            double[] numbers = new double[7 * length];
            for (int index = 0; index < numbers.Length; index++)
            {
                numbers[index] = !dtype.IsFloatingPoint || random.Next(50) > 0 ? random.Next(60)
                    : random.Next(4) switch { 0 => double.NaN, 1 => double.NegativeInfinity, 2 => double.PositiveInfinity, _ => -0.0 };
            }

            Tensor x = Tensor.From<double>(numbers, (7, length)).To(dtype).Realize();
            long[] greatest = new long[7];
            long[] least = new long[7];
            for (int row = 0; row < 7; row++)
            {
                ReadOnlySpan<double> line = numbers.AsSpan(row * length, length);
                for (int index = 1; index < length; index++)
                {
                    greatest[row] = Replaces(line[index], line[(int)greatest[row]], line[index] > line[(int)greatest[row]]) ? index : greatest[row];
                    least[row] = Replaces(line[index], line[(int)least[row]], line[index] < line[(int)least[row]]) ? index : least[row];
                }
            }

            Assert.Equal(greatest, x.ArgMax(1).ToArray<long>());
            Assert.Equal(least, x.ArgMin(1).ToArray<long>());
        }

        static bool Replaces(double value, double best, bool isBetter) => !double.IsNaN(best) && (isBetter || double.IsNaN(value));
    }

    [Theory]
    [MemberData(nameof(TypesAndWidths))]
    public void RowsOfAnyNumberOfVectorsAreComputedToTheirEnd(DType dtype, int width)
    {
        VectorWidth.Bits = width;
        foreach (int columns in (int[])[512, 528, 544, 560, 576, 608, 640, 656, 720, 768, 1000, 1001])
        {
            Tensor x = Tensor.Random((ulong)columns).Integers(Shape.Of(5, columns), 0, 9).To(dtype).Realize();
            Tensor factor = Tensor.Random((ulong)columns + 1).Integers(Shape.Of(columns), 0, 3).To(dtype).Realize();
            Tensor[] results = [x + factor, (x * factor) + 1, ((x - factor) * factor) + (x * x), Tensor.Maximum(x, factor) * (factor + x) * x];
            Tensor spread = factor.BroadcastTo(x.Shape).Contiguous().Flatten().Realize();
            Tensor flat = x.Flatten();
            Tensor[] expected =
                [flat + spread, (flat * spread) + 1, ((flat - spread) * spread) + (flat * flat), Tensor.Maximum(flat, spread) * (spread + flat) * flat];
            for (int i = 0; i < results.Length; i++)
            {
                Assert.Equal(expected[i].To(DType.Float64).ToArray<double>(), results[i].To(DType.Float64).ToArray<double>());
            }
        }
    }
}
