using TensorCell.Kernels;

namespace TensorCell.Tensors.Graph;

/// <summary>Parts of a value at given indices along an axis.</summary>
/// <param name="axis">The axis.</param>
/// <param name="indices">The indices, within range.</param>
/// <param name="input">The value, contiguous.</param>
internal sealed class TakeOperation(int axis, long[] indices, Operand input) : Operation("take", input)
{
    /// <inheritdoc/>
    protected override unsafe Storage Run(Value target)
    {
        Operand source = Inputs[0];
        Storage from = Realizer.Realize(source.Value);
        Storage to = Storage.Allocate(target.Layout.Shape.Count * target.DType.Size);
        Shape shape = source.Layout.Shape;
        long outer = 1;
        long inner = target.DType.Size;
        for (int index = 0; index < shape.Rank; index++)
        {
            outer *= index < axis ? shape[index] : 1;
            inner *= index > axis ? shape[index] : 1;
        }

        byte* first = (byte*)from.Address + (source.Layout.Offset * target.DType.Size);
        byte* next = (byte*)to.Address;
        for (long block = 0; block < outer; block++)
        {
            foreach (long index in indices)
            {
                Buffer.MemoryCopy(first + (((block * shape[axis]) + index) * inner), next, inner, inner);
                next += inner;
            }

            Interruption.Check();
        }

        GC.KeepAlive(from);
        GC.KeepAlive(to);
        return to;
    }
}
