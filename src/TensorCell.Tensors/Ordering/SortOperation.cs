using TensorCell.Kernels;
using TensorCell.Tensors.Graph;

namespace TensorCell.Tensors.Ordering;

/// <summary>Sorts the lines along the last axis: the elements, where they were, or both.</summary>
/// <param name="name">The name errors and traces use.</param>
/// <param name="isDescending">Whether the greatest comes first.</param>
/// <param name="gives">What of it is the result.</param>
/// <param name="pair">Where the elements or indices that the other operation wants wait for it; null if there is none.</param>
/// <param name="input">The elements, contiguous.</param>
internal sealed class SortOperation(string name, bool isDescending, SortResult gives, ResultPair? pair, Operand input) : Operation(name, input)
{
    /// <inheritdoc/>
    protected override Storage Run(Value target)
    {
        if (pair is not null)
        {
            return pair.Take(gives == SortResult.Indices, () => Run(true, true)!);
        }

        (Storage? values, Storage? indices) = Run(gives == SortResult.Values, gives == SortResult.Indices);
        return (values ?? indices)!;
    }

    private (Storage? Values, Storage? Indices) Run(bool wantsValues, bool wantsIndices)
    {
        DType type = Inputs[0].Value.DType;
        long count = Inputs[0].Layout.Shape.Count;
        Storage source = Realizer.Realize(Inputs[0].Value);
        Storage? values = wantsValues ? Storage.Allocate(count * type.Size) : null;
        Storage? indices = wantsIndices ? Storage.Allocate(count * sizeof(long)) : null;
        if (count > 0)
        {
            switch (type)
            {
                case DType.Bool or DType.UInt8:
                    Narrow<byte>(source, values, indices);
                    break;
                case DType.Int8:
                    Narrow<sbyte>(source, values, indices);
                    break;
                case DType.Float16:
                    Narrow<Half>(source, values, indices);
                    break;
                case DType.BFloat16:
                    Narrow<BFloat16>(source, values, indices);
                    break;
                case DType.Int32:
                    Narrow<int>(source, values, indices);
                    break;
                case DType.Float32:
                    Narrow<float>(source, values, indices);
                    break;
                case DType.Int64:
                    Wide<long>(source, values, indices);
                    break;
                default:
                    Wide<double>(source, values, indices);
                    break;
            }
        }

        GC.KeepAlive(source);
        return (values, indices);
    }

    private void Narrow<T>(Storage source, Storage? values, Storage? indices)
        where T : unmanaged
    {
        if (indices is null)
        {
            Sort<T, uint, NarrowKey<T>>(source, values, indices);
        }
        else
        {
            Sort<T, ulong, NarrowPlace<T>>(source, values, indices);
        }
    }

    private void Wide<T>(Storage source, Storage? values, Storage? indices)
        where T : unmanaged
    {
        if (indices is null)
        {
            Sort<T, ulong, WideKey<T>>(source, values, indices);
        }
        else
        {
            Sort<T, KeyAndPlace, WidePlace<T>>(source, values, indices);
        }
    }

    private unsafe void Sort<T, TRecord, TRule>(Storage source, Storage? values, Storage? indices)
        where T : unmanaged
        where TRecord : unmanaged
        where TRule : struct, ISortRecord<T, TRecord>
    {
        Shape shape = Inputs[0].Layout.Shape;
        new LineSort<T, TRecord, TRule>(
            (T*)source.Address + Inputs[0].Layout.Offset,
            values is null ? null : (T*)values.Address,
            indices is null ? null : (long*)indices.Address,
            shape.Count / shape[-1],
            shape[-1],
            isDescending).Run();
        GC.KeepAlive(values);
        GC.KeepAlive(indices);
    }
}
