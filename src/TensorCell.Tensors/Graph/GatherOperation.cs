using System.Numerics;
using System.Runtime.CompilerServices;
using TensorCell.Kernels;

namespace TensorCell.Tensors.Graph;

/// <summary>For each index, the element there along an axis.</summary>
/// <param name="axis">The axis.</param>
/// <param name="source">The value: along the other axes as long as the indices.</param>
/// <param name="indices">The indices, i64 or i32, within range, contiguous.</param>
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
            if (Inputs[1].Value.DType == DType.Int32)
            {
                Run((int*)picked.Address + Inputs[1].Layout.Offset, target.DType.Size, from.Address, lanes.Layout, to.Address);
            }
            else
            {
                Run((long*)picked.Address + Inputs[1].Layout.Offset, target.DType.Size, from.Address, lanes.Layout, to.Address);
            }
        }

        GC.KeepAlive(from);
        GC.KeepAlive(picked);
        GC.KeepAlive(to);
        return to;
    }

    private void Run<TIndex>(TIndex* picked, int size, nint from, Layout layout, nint to)
        where TIndex : unmanaged, IBinaryInteger<TIndex>
    {
        switch (size)
        {
            case 1:
                Run((byte*)from, layout, picked, (byte*)to);
                break;
            case 2:
                Run((ushort*)from, layout, picked, (ushort*)to);
                break;
            case 4:
                Run((uint*)from, layout, picked, (uint*)to);
                break;
            default:
                Run((ulong*)from, layout, picked, (ulong*)to);
                break;
        }
    }

    private void Run<T, TIndex>(T* from, Layout layout, TIndex* picked, T* to)
        where T : unmanaged
        where TIndex : unmanaged, IBinaryInteger<TIndex>
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
                    T* lane = from + lanes.Offset(row / length);
                    if (lanes.Stride == 1)
                    {
                        Gather(lane, picked + row, to + row, stop - row);
                    }
                    else
                    {
                        Gather(lane, lanes.Stride, 0, picked + row, to + row, stop - row);
                    }
                }
            });
            return;
        }

        Blocks.For(lanes.OuterCount * length, inner * sizeof(T), (row, end) =>
        {
            for (; row < end; row++)
            {
                long place = row * inner;
                Gather(from + lanes.Offset(row / length), lanes.Stride, lanes.InnerStride, picked + place, to + place, inner);
            }
        });
    }

    /// <summary>From a lane whose elements follow one another.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Gather<T, TIndex>(T* from, TIndex* picked, T* to, long count)
        where T : unmanaged
        where TIndex : unmanaged, IBinaryInteger<TIndex>
    {
        long index = 0;
        for (; index <= count - 4; index += 4)
        {
            (T a, T b) = (from[nint.CreateTruncating(picked[index])], from[nint.CreateTruncating(picked[index + 1])]);
            (T c, T d) = (from[nint.CreateTruncating(picked[index + 2])], from[nint.CreateTruncating(picked[index + 3])]);
            (to[index], to[index + 1], to[index + 2], to[index + 3]) = (a, b, c, d);
        }

        for (; index < count; index++)
        {
            to[index] = from[nint.CreateTruncating(picked[index])];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Gather<T, TIndex>(T* from, long stride, long step, TIndex* picked, T* to, long count)
        where T : unmanaged
        where TIndex : unmanaged, IBinaryInteger<TIndex>
    {
        for (long index = 0; index < count; index++)
        {
            to[index] = from[(long.CreateTruncating(picked[index]) * stride) + (index * step)];
        }
    }
}
