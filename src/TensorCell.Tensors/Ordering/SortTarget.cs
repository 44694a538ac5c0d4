namespace TensorCell.Tensors.Ordering;

/// <summary>Where a sorted line goes.</summary>
/// <param name="line">The line as it is.</param>
/// <param name="values">Where its elements go in order, or null.</param>
/// <param name="indices">Where their indices go, or null.</param>
/// <param name="flip">Turns the bits of keys.</param>
internal readonly unsafe struct SortTarget<T>(T* line, T* values, long* indices, ulong flip)
    where T : unmanaged
{
    /// <summary>The line as it is.</summary>
    public readonly T* Line = line;

    /// <summary>Where its elements go in order, or null.</summary>
    public readonly T* Values = values;

    /// <summary>Where their indices go, or null.</summary>
    public readonly long* Indices = indices;

    /// <summary>Turns the bits of keys.</summary>
    public readonly ulong Flip = flip;

    /// <summary>Where a line that begins somewhat further on goes.</summary>
    /// <param name="offset">How many elements further.</param>
    public SortTarget<T> Offset(long offset) => new(
        Line + offset, Values is null ? null : Values + offset, Indices is null ? null : Indices + offset, Flip);
}
