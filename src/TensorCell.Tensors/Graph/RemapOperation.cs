using System.Runtime.CompilerServices;
using TensorCell.Kernels;

namespace TensorCell.Tensors.Graph;

/// <summary>A value whose elements along each axis are those at given indices, or a constant.</summary>
/// <param name="name">The name errors and traces use.</param>
/// <param name="maps">For each axis, the index of the value's element for each of the result's, -1 for the constant; null for an axis that stays.</param>
/// <param name="fill">The constant.</param>
/// <param name="input">The value.</param>
internal sealed unsafe class RemapOperation(string name, int[]?[] maps, Number fill, Operand input) : Operation(name, input)
{
    /// <inheritdoc/>
    protected override Storage Run(Value target)
    {
        Storage to = Storage.Allocate(target.Layout.Shape.Count * target.DType.Size);
        Operand source = Inputs[0];
        if (!source.Layout.IsContiguous)
        {
            Value copy = new(Layout.Of(source.Layout.Shape), target.DType, Elements.Contiguous(source));
            source = new Operand(copy, copy.Layout);
        }

        Storage from = Realizer.Realize(source.Value);
        nint first = from.Address + (nint)(source.Layout.Offset * target.DType.Size);
        ulong bits = fill.Bits(target.DType);
        switch (target.DType.Size)
        {
            case 1:
                Run(first, to.Address, target.Layout.Shape, (byte)bits);
                break;
            case 2:
                Run(first, to.Address, target.Layout.Shape, (ushort)bits);
                break;
            case 4:
                Run(first, to.Address, target.Layout.Shape, (uint)bits);
                break;
            default:
                Run(first, to.Address, target.Layout.Shape, bits);
                break;
        }

        GC.KeepAlive(from);
        GC.KeepAlive(to);
        return to;
    }

    private void Run<T>(nint from, nint to, Shape shape, T constant)
        where T : unmanaged
    {
        int last = Array.FindLastIndex(maps, map => map is not null);
        int[] map = last < 0 ? [0] : maps[last]!;
        int outer = Math.Max(last, 0);
        long part = 1;
        for (int axis = last + 1; axis < shape.Rank; axis++)
        {
            part *= shape[axis];
        }

        long rows = 1;
        for (int axis = 0; axis < outer; axis++)
        {
            rows *= shape[axis];
        }

        MapSegment[] segments = MapSegment.Of(map);
        long[] strides = Layout.RowMajor(Inputs[0].Layout.Shape);
        bool isStreamed = StridedCopy.IsStreamed(rows * map.Length * part * sizeof(T));
        Blocks.For(rows, map.Length * part * sizeof(T), (row, end) =>
        {
            for (; row < end; row++)
            {
                T* output = (T*)to + (row * map.Length * part);
                long offset = Offset(row, outer, shape, strides);
                if (offset < 0)
                {
                    Runs.Fill(output, constant, map.Length * part);
                }
                else
                {
                    MapSegment.Copy(segments, (T*)from + offset, output, part, constant, isStreamed);
                }
            }
        });
    }

    /// <summary>Where a row of the result begins in the value, or -1 if it is constant.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private long Offset(long row, int outer, Shape shape, long[] strides)
    {
        long offset = 0;
        for (int axis = outer - 1; axis >= 0; axis--)
        {
            int length = shape.Lengths[axis];
            int index = (int)(row % length);
            row /= length;
            int place = maps[axis] is { } map ? map[index] : index;
            if (place < 0)
            {
                return -1;
            }

            offset += place * strides[axis];
        }

        return offset;
    }
}
