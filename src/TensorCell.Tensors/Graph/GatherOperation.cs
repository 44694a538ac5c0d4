using System.Runtime.CompilerServices;
using TensorCell.Kernels;

namespace TensorCell.Tensors.Graph;

/// <summary>For each index, the element there along an axis.</summary>
/// <param name="axis">The axis.</param>
/// <param name="source">The value: along the other axes as long as the indices.</param>
/// <param name="indices">The indices, i64, within range, contiguous.</param>
internal sealed unsafe class GatherOperation(int axis, Operand source, Operand indices) : Operation("gather", source, indices)
{
    /// <inheritdoc/>
    protected override Storage Run(Value target)
    {
        Storage to = Storage.Allocate(target.Layout.Shape.Count * target.DType.Size);
        Operand lanes = AxisLanes.Mergeable(Inputs[0], axis);
        Storage from = Realizer.Realize(lanes.Value);
        Storage picked = Realizer.Realize(Inputs[1].Value);
        if (target.Layout.Shape.Count > 0)
        {
            nint first = picked.Address + (nint)(Inputs[1].Layout.Offset * sizeof(long));
            switch (target.DType.Size)
            {
                case 1:
                    Run<byte>(from.Address, lanes.Layout, first, to.Address);
                    break;
                case 2:
                    Run<ushort>(from.Address, lanes.Layout, first, to.Address);
                    break;
                case 4:
                    Run<uint>(from.Address, lanes.Layout, first, to.Address);
                    break;
                default:
                    Run<ulong>(from.Address, lanes.Layout, first, to.Address);
                    break;
            }
        }

        GC.KeepAlive(from);
        GC.KeepAlive(picked);
        GC.KeepAlive(to);
        return to;
    }

    private void Run<T>(nint from, Layout layout, nint picked, nint to)
        where T : unmanaged
    {
        AxisLanes lanes = new(layout, axis);
        long length = Inputs[1].Layout.Shape.Lengths[axis];
        long inner = lanes.InnerCount;
        if (inner == 1)
        {
            Blocks.For(lanes.OuterCount * length, sizeof(T), (row, end) =>
            {
                for (long stop; row < end; row = stop)
                {
                    stop = Math.Min(end, ((row / length) + 1) * length);
                    Gather((T*)from + lanes.Offset(row / length), lanes.Stride, 0, (long*)picked + row, (T*)to + row, stop - row);
                }
            });
            return;
        }

        Blocks.For(lanes.OuterCount * length, inner * sizeof(T), (row, end) =>
        {
            for (; row < end; row++)
            {
                long place = row * inner;
                Gather((T*)from + lanes.Offset(row / length), lanes.Stride, lanes.InnerStride, (long*)picked + place, (T*)to + place, inner);
            }
        });
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Gather<T>(T* from, long stride, long step, long* picked, T* to, long count)
        where T : unmanaged
    {
        for (long index = 0; index < count; index++)
        {
            to[index] = from[(picked[index] * stride) + (index * step)];
        }
    }
}
