namespace TensorCell.Tensors;

/// <summary>How a view reaches its elements in a storage: element <c>i</c> is at <c>offset + sum(i[k] * strides[k])</c>.</summary>
/// <param name="Shape">The view's shape.</param>
/// <param name="Strides">Elements between neighbours along each axis; 0 repeats, negative runs backwards.</param>
/// <param name="Offset">Where the first element is, in elements.</param>
internal sealed record Layout(Shape Shape, long[] Strides, long Offset)
{
    private long[]? longLengths;
    private long[]? byteStrides;

    /// <summary>Whether the elements lie without gaps in row-major order, from wherever the view begins.</summary>
    public bool IsContiguous { get; } = Contiguous(Shape, Strides);

    /// <summary>The lengths, as kernels take them.</summary>
    public long[] LongLengths => longLengths ??= [.. Shape.Select(length => (long)length)];

    /// <summary>The layout of a scalar.</summary>
    public static Layout Scalar { get; } = Of(default);

    /// <summary>The row-major layout of a shape.</summary>
    public static Layout Of(Shape shape) => new(shape, RowMajor(shape), 0);

    /// <summary>Row-major strides of a shape.</summary>
    public static long[] RowMajor(Shape shape)
    {
        long[] strides = new long[shape.Rank];
        long stride = 1;
        for (int axis = strides.Length - 1; axis >= 0; axis--)
        {
            strides[axis] = stride;
            stride *= Math.Max(shape[axis], 1);
        }

        return strides;
    }

    /// <summary>This layout repeated to a larger shape, to which it is known to broadcast.</summary>
    public Layout BroadcastTo(Shape shape)
    {
        if (shape == Shape)
        {
            return this;
        }

        long[] strides = new long[shape.Rank];
        int added = shape.Rank - Shape.Rank;
        for (int axis = 0; axis < Shape.Rank; axis++)
        {
            strides[axis + added] = Shape[axis] == 1 && shape[axis + added] != 1 ? 0 : Strides[axis];
        }

        return new Layout(shape, strides, Offset);
    }

    /// <summary>The same elements in the same order under another shape, or null where that takes a copy.</summary>
    public Layout? Reshape(Shape shape)
    {
        if (IsContiguous)
        {
            return new Layout(shape, RowMajor(shape), Offset);
        }

        // Both shapes are split into runs of axes with equal products; a run can be reshaped when its old axes step evenly.
        long[] strides = RowMajor(shape);
        int[] old = [.. Shape.Where(length => length != 1)];
        long[] oldStrides = [.. Strides.Where((_, axis) => Shape[axis] != 1)];
        int from = 0;
        int to = 0;
        while (from < old.Length && to < shape.Rank)
        {
            int fromEnd = from + 1;
            int toEnd = to + 1;
            long fromCount = old[from];
            long toCount = shape[to];
            while (fromCount != toCount)
            {
                if (fromCount < toCount)
                {
                    fromCount *= old[fromEnd++];
                }
                else
                {
                    toCount *= shape[toEnd++];
                }
            }

            for (int axis = from; axis < fromEnd - 1; axis++)
            {
                if (oldStrides[axis] != oldStrides[axis + 1] * old[axis + 1])
                {
                    return null;
                }
            }

            long stride = oldStrides[fromEnd - 1];
            for (int axis = toEnd - 1; axis >= to; axis--)
            {
                strides[axis] = stride;
                stride *= shape[axis];
            }

            from = fromEnd;
            to = toEnd;
        }

        return new Layout(shape, strides, Offset);
    }

    /// <summary>The axes in another order.</summary>
    public Layout Permute(ReadOnlySpan<int> axes)
    {
        int[] lengths = new int[axes.Length];
        long[] strides = new long[axes.Length];
        for (int axis = 0; axis < axes.Length; axis++)
        {
            lengths[axis] = Shape[axes[axis]];
            strides[axis] = Strides[axes[axis]];
        }

        return new Layout(Shape.Adopt(lengths), strides, Offset);
    }

    /// <summary>Whether an element may lie at several indices: whether steps along an axis do not lead beyond all that the smaller ones reach.</summary>
    public bool IsOverlapping
    {
        get
        {
            long reach = 0;
            if (Shape.Count == 0)
            {
                return false;
            }

            foreach ((long stride, int length) in Strides.Zip(Shape, (stride, length) => (Math.Abs(stride), length)).Where(axis => axis.length > 1).Order())
            {
                if (stride <= reach)
                {
                    return true;
                }

                reach += stride * (length - 1);
            }

            return false;
        }
    }

    /// <summary>The axes but some.</summary>
    public Layout Without(int[] axes)
    {
        int[] kept = [.. Enumerable.Range(0, Shape.Rank).Except(axes)];
        return Permute(kept);
    }

    /// <summary>The same elements in the same order along fewer axes: those of length one dropped, and neighbours that step evenly merged.</summary>
    public Layout Merged()
    {
        List<int> lengths = [];
        List<long> strides = [];
        for (int axis = 0; axis < Strides.Length; axis++)
        {
            int length = Shape.Lengths[axis];
            if (length == 1)
            {
                continue;
            }

            if (lengths.Count > 0 && strides[^1] == Strides[axis] * length && (long)lengths[^1] * length <= int.MaxValue)
            {
                lengths[^1] *= length;
                strides[^1] = Strides[axis];
            }
            else
            {
                lengths.Add(length);
                strides.Add(Strides[axis]);
            }
        }

        return new Layout(Shape.Adopt([.. lengths]), [.. strides], Offset);
    }

    /// <summary>The strides in bytes, for elements of a size.</summary>
    public long[] ByteStrides(int size)
    {
        // One size is remembered: its stride along the innermost moving axis tells which one it was.
        long[]? known = byteStrides;
        if (known is null || !IsScaled(known, size))
        {
            byteStrides = known = [.. Strides.Select(stride => stride * size)];
        }

        return known;
    }

    private bool IsScaled(long[] bytes, int size)
    {
        for (int axis = bytes.Length - 1; axis >= 0; axis--)
        {
            if (bytes[axis] != Strides[axis] * size)
            {
                return false;
            }
        }

        return true;
    }

    private static bool Contiguous(Shape shape, long[] strides)
    {
        long expected = 1;
        for (int axis = strides.Length - 1; axis >= 0; axis--)
        {
            int length = shape.Lengths[axis];
            if (length != 1 && strides[axis] != expected)
            {
                return shape.Count <= 1;
            }

            expected *= length;
        }

        return true;
    }
}
