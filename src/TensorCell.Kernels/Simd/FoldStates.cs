namespace TensorCell.Kernels.Simd;

/// <summary>The states of some kept positions of a fold.</summary>
/// <param name="memory">Where they lie.</param>
/// <param name="first">The first kept position.</param>
/// <param name="end">The one behind the last.</param>
/// <param name="firstBlock">Across lines, the first block of folded positions that has states of its own.</param>
/// <param name="blocks">And how many there are.</param>
internal readonly unsafe struct FoldStates(byte* memory, long first, long end, long firstBlock, long blocks)
{
    public byte* Memory { get; } = memory;

    public long First { get; } = first;

    public long End { get; } = end;

    public long FirstBlock { get; } = firstBlock;

    public long Blocks { get; } = blocks;

    public long Count => End - First;
}
