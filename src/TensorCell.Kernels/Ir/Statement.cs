namespace TensorCell.Kernels.Ir;

/// <summary>
/// What a grid program does at one place of its order: everything that is not a pure value. Pure values are nodes, and belong to no
/// place: a back end computes them where <see cref="Passes.Placement"/> puts them.
/// </summary>
internal abstract class Statement
{
    /// <summary>The values that it uses, those at the ends of its regions included.</summary>
    public virtual IEnumerable<Node> Operands => [];

    /// <summary>The variables that it defines, those that its regions begin with included.</summary>
    public virtual IEnumerable<VariableNode> Definitions => [];

    /// <summary>The memory that it changes; null if it changes none.</summary>
    public virtual MemoryOperand? Target => null;

    /// <summary>The regions within it.</summary>
    public virtual IReadOnlyList<Region> Regions => [];
}
