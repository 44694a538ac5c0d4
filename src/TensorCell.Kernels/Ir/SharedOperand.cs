using System.Collections.Immutable;

namespace TensorCell.Kernels.Ir;

/// <summary>Memory that the items of one group share while the group runs; contiguous, its content undefined at first.</summary>
/// <param name="index">Its place among the program's shared arrays.</param>
/// <param name="name">The name that errors use.</param>
/// <param name="storage">How its elements lie in memory.</param>
/// <param name="lengths">Its extents, the last one varying fastest.</param>
internal sealed class SharedOperand(int index, string name, StorageType storage, ImmutableArray<int> lengths)
    : MemoryOperand(name, storage, lengths.Length)
{
    /// <summary>Its place among the program's shared arrays.</summary>
    public int Index { get; } = index;

    /// <summary>Its extents.</summary>
    public ImmutableArray<int> Lengths { get; } = lengths;

    /// <summary>How many elements it has.</summary>
    public int Count => Lengths.Aggregate(1, (count, length) => count * length);
}
