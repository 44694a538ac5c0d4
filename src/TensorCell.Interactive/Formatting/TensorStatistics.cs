using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using TensorCell.Kernels;
using Tensor = TensorCell.Tensors.Tensor;

namespace TensorCell.Interactive.Formatting;

/// <summary>What all values of a tensor are, found in one pass over them on all cores.</summary>
/// <param name="Count">How many are finite.</param>
/// <param name="Least">The least finite one; positive infinity if there is none.</param>
/// <param name="Greatest">The greatest finite one; negative infinity if there is none.</param>
/// <param name="Mean">The mean of the finite ones.</param>
/// <param name="Spread">The sum of the squares of their differences from the mean.</param>
/// <param name="Zeros">How many are zero.</param>
/// <param name="NotNumbers">How many are not a number.</param>
/// <param name="AboveAll">How many are positive infinity.</param>
/// <param name="BelowAll">How many are negative infinity.</param>
internal sealed record TensorStatistics(
    long Count, double Least, double Greatest, double Mean, double Spread, long Zeros, long NotNumbers, long AboveAll, long BelowAll)
{
    private const int BlockLength = 1 << 16;
    private const int PartLength = 1 << 12;

    private static readonly TensorStatistics none = new(0, double.PositiveInfinity, double.NegativeInfinity, 0, 0, 0, 0, 0, 0);

    /// <summary>The standard deviation of the finite values: the root of their mean squared difference from the mean.</summary>
    public double Deviation => Math.Sqrt(Spread / Count);

    /// <summary>How many are not finite.</summary>
    public long NotFinite => NotNumbers + AboveAll + BelowAll;

    /// <summary>The statistics of a tensor, which is computed if it is pending.</summary>
    public static TensorStatistics Of(Tensor tensor)
    {
        var (ordered, times) = InOrderOfStorage(tensor.Detach().Realize());
        return Measure(ordered).Times(times);
    }

    // What the order of the values does not matter for is read in the order in which they are stored, and what repeats once.
    private static (Tensor Tensor, long Times) InOrderOfStorage(Tensor tensor)
    {
        var times = 1L;
        for (var axis = 0; axis < tensor.Rank; axis++)
        {
            if (tensor.Strides[axis] == 0 && tensor.Shape[axis] > 1)
            {
                times *= tensor.Shape[axis];
                tensor = tensor.Slice(axis, ..1);
            }
            else if (tensor.Strides[axis] < 0)
            {
                tensor = tensor.Flip(axis);
            }
        }

        var strides = tensor.Strides.ToArray();
        return (tensor.Permute([.. Enumerable.Range(0, tensor.Rank).OrderByDescending(axis => strides[axis])]), times);
    }

    private static TensorStatistics Measure(Tensor tensor)
    {
        if (tensor.Count <= BlockLength)
        {
            return OfBlock(tensor);
        }

        if (tensor.IsContiguous && tensor.Count <= int.MaxValue)
        {
            tensor = tensor.Flatten();
        }

        var axis = Enumerable.Range(0, tensor.Rank).First(axis => tensor.Shape[axis] > 1);
        var length = tensor.Shape[axis];
        var step = (int)Math.Max(1, BlockLength / (tensor.Count / length));
        var parts = new TensorStatistics[(length + step - 1) / step];
        Workers.For(parts.Length, part =>
            parts[part] = Measure(tensor.Slice(axis, (part * step)..Math.Min(length, (part * step) + step))));
        return parts.Aggregate((left, right) => left.And(right));
    }

    private static TensorStatistics OfBlock(Tensor block)
    {
        // A copy that is given back at once, even where the values are doubles: a span of them would hold on to memory that is not ours.
        var here = block.To(Device.Cpu);
        using var numbers = here.DType == DType.Float64 ? here.Clone() : here.To(DType.Float64).Realize();
        var statistics = none;
        var all = numbers.AsSpan<double>();
        var scratch = new double[Math.Min(all.Length, PartLength)];
        while (!all.IsEmpty)
        {
            var part = all[..Math.Min(all.Length, PartLength)];
            statistics = statistics.And(OfPart(part, scratch.AsSpan(0, part.Length)));
            all = all[part.Length..];
        }

        return statistics;
    }

    private static TensorStatistics OfPart(ReadOnlySpan<double> values, Span<double> scratch)
    {
        var sum = TensorPrimitives.Sum(values);
        if (!double.IsFinite(sum))
        {
            return OfUnusualPart(values, scratch);
        }

        var mean = sum / values.Length;
        TensorPrimitives.Subtract(values, mean, scratch);
        var bits = MemoryMarshal.Cast<double, long>(values);
        return new TensorStatistics(
            values.Length, TensorPrimitives.Min(values), TensorPrimitives.Max(values), mean, TensorPrimitives.SumOfSquares<double>(scratch),
            bits.Count(BitConverter.DoubleToInt64Bits(0.0)) + bits.Count(BitConverter.DoubleToInt64Bits(-0.0)), 0, 0, 0);
    }

    // Some are not finite, or so large that their sum is not.
    private static TensorStatistics OfUnusualPart(ReadOnlySpan<double> values, Span<double> scratch)
    {
        long notNumbers = 0, above = 0, below = 0;
        var count = 0;
        foreach (var value in values)
        {
            notNumbers += double.IsNaN(value) ? 1 : 0;
            above += double.IsPositiveInfinity(value) ? 1 : 0;
            below += double.IsNegativeInfinity(value) ? 1 : 0;
            if (double.IsFinite(value))
            {
                scratch[count++] = value;
            }
        }

        var finite = scratch[..count];
        var mean = 0.0;
        foreach (var value in finite)
        {
            mean += value / count;
        }

        var spread = 0.0;
        long zeros = 0;
        foreach (var value in finite)
        {
            spread += (value - mean) * (value - mean);
            zeros += value == 0 ? 1 : 0;
        }

        return count == 0
            ? none with { NotNumbers = notNumbers, AboveAll = above, BelowAll = below }
            : new TensorStatistics(count, TensorPrimitives.Min<double>(finite), TensorPrimitives.Max<double>(finite), mean, spread, zeros, notNumbers, above, below);
    }

    /// <summary>Both together (Chan, Golub and LeVeque 1979).</summary>
    private TensorStatistics And(TensorStatistics other)
    {
        var count = Count + other.Count;
        var share = count == 0 ? 0 : (double)other.Count / count;
        var difference = other.Mean - Mean;
        return new TensorStatistics(
            count, Math.Min(Least, other.Least), Math.Max(Greatest, other.Greatest), Count == 0 ? other.Mean : Mean + (difference * share),
            Spread + other.Spread + (difference * difference * share * Count), Zeros + other.Zeros, NotNumbers + other.NotNumbers,
            AboveAll + other.AboveAll, BelowAll + other.BelowAll);
    }

    private TensorStatistics Times(long times) => times == 1
        ? this
        : this with
        {
            Count = Count * times,
            Spread = Spread * times,
            Zeros = Zeros * times,
            NotNumbers = NotNumbers * times,
            AboveAll = AboveAll * times,
            BelowAll = BelowAll * times,
        };
}
