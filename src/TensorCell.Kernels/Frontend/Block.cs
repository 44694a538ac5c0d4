using TensorCell.Kernels.Ir;

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

    /// <summary>The blocks control may come from.</summary>
    public List<Block> Predecessors { get; } = [];

    /// <summary>Once read: the condition of each successor but the last, each tried when those before it failed.</summary>
    public List<Node> Conditions { get; } = [];

    /// <summary>Once read: the variables and the stack when control leaves.</summary>
    public FrameState? Exit { get; set; }

    /// <summary>The block that every path here comes through last; null for the first.</summary>
    public Block? Dominator { get; set; }
}
