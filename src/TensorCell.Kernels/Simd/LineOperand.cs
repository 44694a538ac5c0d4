namespace TensorCell.Kernels.Simd;

/// <summary>How an operand's elements lie in a line.</summary>
/// <param name="Type">Their type.</param>
/// <param name="Stride">Bytes from one to the next; 0 where a line has one for all.</param>
internal readonly record struct LineOperand(DType Type, long Stride)
{
    /// <summary>Whether elements follow one another.</summary>
    public bool IsTogether => Stride == Type.Size;

    /// <summary>Whether some elements of a vector can be reached without the others.</summary>
    public bool HasParts => Stride == 0 || Type is DType.Float32 or DType.Float64 or DType.Int32 or DType.Int64;
}
