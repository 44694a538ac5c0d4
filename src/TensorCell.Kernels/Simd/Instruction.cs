namespace TensorCell.Kernels.Simd;

/// <summary>One vector operation of a <see cref="VectorProgram"/>.</summary>
/// <param name="Code">What it does.</param>
/// <param name="Type">The lanes of its result.</param>
/// <param name="A">The index of the instruction that makes its first operand, or -1.</param>
/// <param name="B">The same for its second operand.</param>
/// <param name="C">The same for its third operand.</param>
/// <param name="Immediate">The index of an input, the bits of a constant, how far to shift, or what to divide by.</param>
internal readonly record struct Instruction(
    VectorCode Code, LaneType Type, int A = -1, int B = -1, int C = -1, long Immediate = 0)
{
    /// <summary>Whether the value comes from memory at no cost when it is an operand: an input or a constant.</summary>
    public bool IsLeaf => Code <= VectorCode.Constant;

    /// <summary>Whether the result is a mask of lanes compared.</summary>
    public bool IsComparison => Code is >= VectorCode.Equal and <= VectorCode.GreaterOrEqual;
}
