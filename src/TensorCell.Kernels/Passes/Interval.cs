using TensorCell.Kernels.Ir;

namespace TensorCell.Kernels.Passes;

/// <summary>Integers from <paramref name="Low"/> to <paramref name="High"/>, both included.</summary>
internal readonly record struct Interval(long Low, long High)
{
    /// <summary>All values of a type; of a type that holds no integers, all integers.</summary>
    public static Interval Of(DType type) => type switch
    {
        DType.Bool => new(0, 1),
        DType.Int32 => new(int.MinValue, int.MaxValue),
        _ => new(long.MinValue, long.MaxValue),
    };

    /// <summary>All values that memory of a type holds.</summary>
    public static Interval Of(StorageType type) => type switch
    {
        StorageType.Int8 => new(sbyte.MinValue, sbyte.MaxValue),
        StorageType.UInt8 => new(0, byte.MaxValue),
        StorageType.Int16 => new(short.MinValue, short.MaxValue),
        StorageType.UInt16 => new(0, ushort.MaxValue),
        _ => Of(type.Computed),
    };

    /// <summary>One number.</summary>
    public static Interval Of(long value) => new(value, value);

    /// <summary>Whether no value is left, as behind a condition that cannot hold.</summary>
    public bool IsEmpty => Low > High;

    /// <summary>Whether both hold only values that the other holds.</summary>
    public bool Contains(Interval other) => other.IsEmpty || (Low <= other.Low && High >= other.High);

    /// <summary>The values of either.</summary>
    public Interval Join(Interval other) =>
        IsEmpty ? other : other.IsEmpty ? this : new(Math.Min(Low, other.Low), Math.Max(High, other.High));

    /// <summary>The values of both.</summary>
    public Interval Meet(Interval other) => new(Math.Max(Low, other.Low), Math.Min(High, other.High));

    /// <summary>What a function that rises or falls in each operand, computed at the corners, leaves; all of the type where that wraps.</summary>
    public static Interval Corners(Interval x, Interval y, DType type, Func<Int128, Int128, Int128> function)
    {
        if (x.IsEmpty || y.IsEmpty)
        {
            return new(1, 0);
        }

        ReadOnlySpan<Int128> corners = [function(x.Low, y.Low), function(x.Low, y.High), function(x.High, y.Low), function(x.High, y.High)];
        var (low, high) = (corners[0], corners[0]);
        foreach (var corner in corners)
        {
            low = Int128.Min(low, corner);
            high = Int128.Max(high, corner);
        }

        var all = Of(type);
        return low < all.Low || high > all.High ? all : new((long)low, (long)high);
    }
}
