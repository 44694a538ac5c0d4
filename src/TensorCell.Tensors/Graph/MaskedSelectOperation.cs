using TensorCell.Kernels;

namespace TensorCell.Tensors.Graph;

/// <summary>The elements of a value where a mask holds, in row-major order.</summary>
/// <param name="source">The value.</param>
/// <param name="mask">The mask, of its shape, stored and contiguous.</param>
/// <param name="ends">What <see cref="MaskPositions.Ends"/> gave for it.</param>
internal sealed unsafe class MaskedSelectOperation(Operand source, Operand mask, long[] ends) : Operation("masked select", source, mask)
{
    /// <inheritdoc/>
    protected override Storage Run(Value target)
    {
        Storage to = Storage.Allocate(target.Layout.Shape.Count * target.DType.Size);
        Operand source = Inputs[0];
        Storage from = source.Layout.IsContiguous ? Realizer.Realize(source.Value) : Elements.Contiguous(source);
        Storage holds = Realizer.Realize(Inputs[1].Value);
        int size = target.DType.Size;
        byte* first = (byte*)from.Address + (source.Layout.IsContiguous ? source.Layout.Offset * size : 0);
        byte* mask = (byte*)holds.Address + Inputs[1].Layout.Offset;
        long count = source.Layout.Shape.Count;
        switch (size)
        {
            case 1:
                MaskPositions.Select(mask, count, ends, first, (byte*)to.Address);
                break;
            case 2:
                MaskPositions.Select(mask, count, ends, (ushort*)first, (ushort*)to.Address);
                break;
            case 4:
                MaskPositions.Select(mask, count, ends, (uint*)first, (uint*)to.Address);
                break;
            default:
                MaskPositions.Select(mask, count, ends, (ulong*)first, (ulong*)to.Address);
                break;
        }

        GC.KeepAlive(from);
        GC.KeepAlive(holds);
        GC.KeepAlive(to);
        return to;
    }
}
