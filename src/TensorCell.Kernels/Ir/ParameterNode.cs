namespace TensorCell.Kernels.Ir;

/// <summary>A varying input: another value for every element.</summary>
public sealed class ParameterNode : Node
{
    internal ParameterNode(int index, DType storage)
        : base(StorageTypes.Of(storage).Computed)
    {
        Index = index;
        Storage = storage;
    }

    /// <summary>Which of the varying inputs.</summary>
    public int Index { get; }

    /// <summary>The type it has in memory; a narrow one is widened as it is read.</summary>
    public DType Storage { get; }

    internal override long Tag => (uint)Index | ((long)Storage << 32);
}
