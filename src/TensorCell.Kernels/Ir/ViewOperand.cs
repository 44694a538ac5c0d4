namespace TensorCell.Kernels.Ir;

/// <summary>A view that is given at launch, or captured and read again at every launch; its elements may have strides.</summary>
/// <param name="index">Its place among the program's views.</param>
/// <param name="name">The name that errors use.</param>
/// <param name="storage">How its elements lie in memory.</param>
/// <param name="rank">How many indices an element has.</param>
/// <param name="capture">Of a captured array or view: its value now. Null for one given at launch.</param>
internal sealed class ViewOperand(int index, string name, StorageType storage, int rank, Func<object?>? capture = null)
    : MemoryOperand(name, storage, rank)
{
    /// <summary>Its place among the program's views.</summary>
    public int Index { get; } = index;

    /// <summary>Of a captured array or view: its value now. Null for one given at launch.</summary>
    public Func<object?>? Capture { get; } = capture;

    /// <summary>The same view at another place.</summary>
    public ViewOperand At(int index) => new(index, Name, Storage, Rank, Capture);
}
