namespace TensorCell.Kernels.Simd;

/// <summary>A number for each level of a <see cref="FoldDomain"/>, outermost first: lengths, or the bytes from one position of an operand to the next.</summary>
/// <param name="Outer">Kept positions outside of the first folded ones.</param>
/// <param name="Across">Folded positions outside of further kept ones.</param>
/// <param name="Group">Kept positions whose <see cref="Kept"/> ones an operand does not step through evenly from one to the next.</param>
/// <param name="Kept">Kept positions.</param>
/// <param name="Segment">Folded positions whose <see cref="Within"/> ones an operand does not step through evenly from one to the next.</param>
/// <param name="Within">Folded positions.</param>
internal readonly record struct DomainStrides(long Outer, long Across, long Group, long Kept, long Segment, long Within);
