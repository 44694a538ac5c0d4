using TensorCell.Tensors.Graph;

namespace TensorCell.Tensors.Ordering;

/// <summary>Sorts the lines along the last axis.</summary>
/// <param name="name">The name errors and traces use.</param>
/// <param name="isDescending">Whether the greatest comes first.</param>
/// <param name="gives">What of it is the result.</param>
/// <param name="pair">What the operation of the other result shares with this; null if there is none.</param>
/// <param name="input">The elements, contiguous.</param>
internal sealed class SortOperation(string name, bool isDescending, SortResult gives, ResultPair? pair, Operand input)
    : OrderOperation(name, gives, pair, input)
{
    /// <inheritdoc/>
    protected override unsafe void Order<T>(Storage source, Storage? values, Storage? indices)
    {
        switch (sizeof(T) == sizeof(ulong), indices is null)
        {
            case (false, true):
                Sort<T, uint, NarrowKey<T>>(source, values, indices);
                break;
            case (false, false):
                Sort<T, ulong, NarrowPlace<T>>(source, values, indices);
                break;
            case (true, true):
                Sort<T, ulong, WideKey<T>>(source, values, indices);
                break;
            default:
                Sort<T, KeyAndPlace, WidePlace<T>>(source, values, indices);
                break;
        }
    }

    private unsafe void Sort<T, TRecord, TRule>(Storage source, Storage? values, Storage? indices)
        where T : unmanaged
        where TRecord : unmanaged
        where TRule : struct, ISortRecord<T, TRecord>
    {
        Shape shape = Inputs[0].Layout.Shape;
        new LineSort<T, TRecord, TRule>(
            new SortTarget<T>(
                (T*)source.Address + Inputs[0].Layout.Offset,
                values is null ? null : (T*)values.Address,
                indices is null ? null : (long*)indices.Address,
                SortKey.Flip<T>(isDescending)),
            shape.Count / shape[-1],
            shape[-1]).Run();
        GC.KeepAlive(values);
        GC.KeepAlive(indices);
    }
}
