namespace TensorCell.Kernels.Simd;

/// <summary>An access out of range, as compiled code finds it: the launch names kernel and view.</summary>
/// <param name="access">Which access of the program.</param>
/// <param name="dimension">Which index.</param>
/// <param name="index">Its value.</param>
/// <param name="extent">What it should be below.</param>
internal sealed class GridFault(int access, int dimension, long index, long extent) : Exception
{
    public int Access { get; } = access;

    public int Dimension { get; } = dimension;

    public long Index { get; } = index;

    public long Extent { get; } = extent;
}
