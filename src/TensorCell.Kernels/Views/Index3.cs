namespace TensorCell.Kernels;

/// <summary>A place in a space of three axes, Z the outermost and X the innermost; also what a kernel over such a space is given.</summary>
/// <param name="Z">The index along the outermost axis.</param>
/// <param name="Y">The index along the middle axis.</param>
/// <param name="X">The index along the innermost axis.</param>
public readonly record struct Index3(int Z, int Y, int X)
{
    public static implicit operator Index3((int Z, int Y, int X) index) => new(index.Z, index.Y, index.X);
}
