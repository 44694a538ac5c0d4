namespace TensorCell.Kernels.Simd;

/// <summary>What one lane of a vector holds. A Boolean is a mask, all bits set or none, as wide as the lanes it decides about.</summary>
internal enum LaneType : byte
{
    Int32,
    Int64,
    Float32,
    Float64,
    Mask32,
    Mask64,
}

/// <summary>Facts about each <see cref="LaneType"/>.</summary>
internal static class LaneTypes
{
    extension(LaneType type)
    {
        public int Size => type is LaneType.Int64 or LaneType.Float64 or LaneType.Mask64 ? 8 : 4;

        public bool IsMask => type >= LaneType.Mask32;

        /// <summary>The element type of the vector that holds such lanes.</summary>
        public Type Element => type switch
        {
            LaneType.Float32 => typeof(float),
            LaneType.Float64 => typeof(double),
            LaneType.Int64 or LaneType.Mask64 => typeof(long),
            _ => typeof(int),
        };
    }

    /// <summary>The lanes of values of a dtype other than bool, whose masks have the size of what they are used with.</summary>
    public static LaneType Of(DType type) => type switch
    {
        DType.Int32 => LaneType.Int32,
        DType.Int64 => LaneType.Int64,
        DType.Float32 => LaneType.Float32,
        DType.Float64 => LaneType.Float64,
        _ => throw Throw.NotComputed(type),
    };

    /// <summary>The mask whose lanes have <paramref name="size"/> bytes.</summary>
    public static LaneType Mask(int size) => size == 8 ? LaneType.Mask64 : LaneType.Mask32;
}
