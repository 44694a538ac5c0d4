namespace TensorCell.Kernels.Ir;

/// <summary>Memory that a grid program reads and writes by indices; told apart by reference.</summary>
/// <param name="name">The name that errors use.</param>
/// <param name="storage">How its elements lie in memory.</param>
/// <param name="rank">How many indices an element has.</param>
internal abstract class MemoryOperand(string name, StorageType storage, int rank)
{
    /// <summary>The name that errors use.</summary>
    public string Name { get; } = name;

    /// <summary>How its elements lie in memory.</summary>
    public StorageType Storage { get; } = storage;

    /// <summary>How many indices an element has, from 1 to 4; the last one varies fastest.</summary>
    public int Rank { get; } = rank;
}
