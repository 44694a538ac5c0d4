using TensorCell.Kernels;

namespace TensorCell.Tensors.Graph;

/// <summary>For each place of the indices, the element at that index of the same line along an axis.</summary>
/// <param name="axis">The axis.</param>
/// <param name="source">The elements, contiguous.</param>
/// <param name="indices">i64, contiguous and within range: of the source's shape but for the axis.</param>
internal sealed class AlongAxisOperation(int axis, Operand source, Operand indices) : Operation("take along axis", source, indices)
{
    private const long TaskCount = 1 << 14;

    /// <inheritdoc/>
    protected override Storage Run(Value target) => target.DType.Size switch
    {
        1 => Run<byte>(target),
        2 => Run<ushort>(target),
        4 => Run<uint>(target),
        _ => Run<ulong>(target),
    };

    private unsafe Storage Run<T>(Value target)
        where T : unmanaged
    {
        Storage source = Realizer.Realize(Inputs[0].Value);
        Storage indices = Realizer.Realize(Inputs[1].Value);
        Storage result = Storage.Allocate(target.Layout.Shape.Count * sizeof(T));
        AxisSplit to = AxisSplit.Of(target.Layout.Shape, axis);
        int length = Inputs[0].Layout.Shape[axis];
        T* elements = (T*)source.Address + Inputs[0].Layout.Offset;
        long* places = (long*)indices.Address + Inputs[1].Layout.Offset;
        T* taken = (T*)result.Address;
        Workers.For(checked((int)((to.Count + TaskCount - 1) / TaskCount)), task =>
        {
            long begin = task * TaskCount;
            long end = Math.Min(begin + TaskCount, to.Count);
            long outer = begin / (to.Length * to.Inner);
            long row = begin / to.Inner % to.Length;
            long inner = begin % to.Inner;
            T* line = elements + (outer * length * to.Inner) + inner;
            for (long index = begin; index < end; index++)
            {
                taken[index] = line[places[index] * to.Inner];
                line++;
                if (++inner == to.Inner)
                {
                    inner = 0;
                    line -= to.Inner;
                    if (++row == to.Length)
                    {
                        row = 0;
                        line += length * to.Inner;
                    }
                }
            }
        });
        GC.KeepAlive(source);
        GC.KeepAlive(indices);
        GC.KeepAlive(result);
        return result;
    }
}
