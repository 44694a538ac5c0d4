namespace TensorCell.Kernels;

/// <summary>A place in a space of two axes, Y the outer and X the inner one; also what a kernel over such a space is given.</summary>
/// <param name="Y">The index along the outer axis: the row.</param>
/// <param name="X">The index along the inner axis: the column.</param>
public readonly record struct Index2(int Y, int X)
{
    public static implicit operator Index2((int Y, int X) index) => new(index.Y, index.X);
}
