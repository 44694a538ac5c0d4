namespace TensorCell.Tensors.Graph;

/// <summary>A pending value that a <see cref="FoldGroup"/> computes.</summary>
/// <param name="value">The value.</param>
/// <param name="operation">The operation that makes it, read once.</param>
/// <param name="isPerKept">Whether it has one element for each kept position rather than for each position.</param>
internal sealed class FoldMember(Value value, Operation operation, bool isPerKept)
{
    /// <summary>The value.</summary>
    public Value Value { get; } = value;

    /// <summary>The operation that makes it.</summary>
    public Operation Operation { get; } = operation;

    /// <summary>Whether it has one element for each kept position rather than for each position.</summary>
    public bool IsPerKept { get; } = isPerKept;

    /// <summary>Whether it is a fold.</summary>
    public bool IsFold => Operation is ReductionOperation;

    /// <summary>The members that read it.</summary>
    public List<FoldMember> Readers { get; } = [];

    /// <summary>After how many folds its step comes: that of a fold is the step of what it folds.</summary>
    public int Step { get; set; } = -1;
}
