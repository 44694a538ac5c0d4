namespace TensorCell.Tensors.Graph;

/// <summary>Work that is written once for all folds and types of elements.</summary>
internal interface IFoldWork
{
    /// <summary>Does it for one fold and type.</summary>
    void Run<T, TFold>()
        where T : unmanaged
        where TFold : IFold<T>;
}
