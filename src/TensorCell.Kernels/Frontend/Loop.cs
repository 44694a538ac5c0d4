namespace TensorCell.Kernels.Frontend;

/// <summary>A natural loop: the blocks from which control can come back to the header without leaving it.</summary>
internal sealed class Loop(Block header)
{
    /// <summary>The only block by which it is entered.</summary>
    public Block Header { get; } = header;

    /// <summary>Its blocks, those of loops within included.</summary>
    public HashSet<Block> Blocks { get; } = [header];

    /// <summary>The loop around it.</summary>
    public Loop? Parent { get; set; }
}
