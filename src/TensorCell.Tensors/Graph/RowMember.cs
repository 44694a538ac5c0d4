namespace TensorCell.Tensors.Graph;

/// <summary>A pending value that a <see cref="RowGroup"/> computes.</summary>
/// <param name="operation">The operation that makes it, read once.</param>
/// <param name="isPerRow">Whether it has one element for each row.</param>
internal sealed class RowMember(Operation operation, bool isPerRow)
{
    /// <summary>The operation that makes it.</summary>
    public Operation Operation { get; } = operation;

    /// <summary>Whether it has one element for each row.</summary>
    public bool IsPerRow { get; } = isPerRow;

    /// <summary>Whether it folds rows.</summary>
    public bool IsFold => Operation is ReductionOperation;

    /// <summary>The members that read it.</summary>
    public List<RowMember> Readers { get; } = [];

    /// <summary>After how many folds its step comes: that of a fold is the step of what it folds.</summary>
    public int Step { get; set; } = -1;
}
