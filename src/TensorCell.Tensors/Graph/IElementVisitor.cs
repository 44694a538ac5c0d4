namespace TensorCell.Tensors.Graph;

/// <summary>Work that is written once for elements of every type.</summary>
/// <typeparam name="TResult">What it gives.</typeparam>
internal interface IElementVisitor<TResult>
{
    /// <summary>Does the work.</summary>
    /// <typeparam name="T">The type of the elements; byte for bool.</typeparam>
    TResult Visit<T>()
        where T : unmanaged;
}
