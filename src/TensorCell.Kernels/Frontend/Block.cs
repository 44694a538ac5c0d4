namespace TensorCell.Kernels.Frontend;

/// <summary>Instructions that run one after another: control enters at the first and leaves after the last.</summary>
internal sealed class Block(int index, int first, int count)
{
    /// <summary>Its place among the method's blocks.</summary>
    public int Index { get; } = index;

    /// <summary>The index of its first instruction.</summary>
    public int First { get; } = first;

    /// <summary>How many instructions it has.</summary>
    public int Count { get; } = count;

    /// <summary>The blocks control may go to next, the one reached when no condition holds last; none after a return.</summary>
    public List<Block> Successors { get; } = [];

    /// <summary>The blocks control may come from, one for each edge.</summary>
    public List<Block> Predecessors { get; } = [];

    /// <summary>Its place in an order in which each block comes before those it leads to, but for branches back; -1 if it is never reached.</summary>
    public int Order { get; set; } = -1;

    /// <summary>The block that every path here comes through last; null for the first.</summary>
    public Block? Dominator { get; set; }

    /// <summary>The innermost loop it is in.</summary>
    public Loop? Loop { get; set; }

    /// <summary>The loop that begins here.</summary>
    public Loop? Heads { get; set; }

    /// <summary>The innermost loop that control is in just before it comes here from outside.</summary>
    public Loop? Around => Heads is { } loop ? loop.Parent : Loop;

    /// <summary>Whether several branches lead forward to it.</summary>
    public bool IsMeeting => Predecessors.Count(predecessor => predecessor.Order < Order) > 1;

    /// <summary>Whether every path to a block comes through this one.</summary>
    public bool Dominates(Block? block)
    {
        while (block is not null && block.Order > Order)
        {
            block = block.Dominator;
        }

        return block == this;
    }
}
