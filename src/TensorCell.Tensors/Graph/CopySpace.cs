namespace TensorCell.Tensors.Graph;

/// <summary>
/// The axes along which a copy walks two layouts of one shape: those of length one dropped, in the order in which the target lies in memory, and
/// merged where both step evenly.
/// </summary>
internal sealed class CopySpace
{
    private readonly long[] lengths;
    private readonly long[] from;
    private readonly long[] to;

    /// <param name="source">How the elements lie.</param>
    /// <param name="target">How they are to lie; of the same shape.</param>
    public CopySpace(Layout source, Layout target)
    {
        int rank = source.Shape.Rank;
        lengths = new long[rank];
        from = new long[rank];
        to = new long[rank];
        FromOffset = source.Offset;
        ToOffset = target.Offset;
        Count = source.Shape.Count;
        ReadOnlySpan<int> shape = source.Shape.Lengths;
        for (int axis = 0; axis < rank; axis++)
        {
            if (shape[axis] != 1)
            {
                Insert(shape[axis], source.Strides[axis], target.Strides[axis]);
            }
        }

        Merge();
    }

    /// <summary>How many axes are left; none for one element.</summary>
    public int Rank { get; private set; }

    /// <summary>How many elements there are.</summary>
    public long Count { get; }

    /// <summary>Where the first element that is copied lies.</summary>
    public long FromOffset { get; private set; }

    /// <summary>Where it goes.</summary>
    public long ToOffset { get; private set; }

    /// <summary>The lengths, that of the target's fastest axis last.</summary>
    public ReadOnlySpan<long> Lengths => lengths.AsSpan(0, Rank);

    /// <summary>Elements from one to the next in the source.</summary>
    public ReadOnlySpan<long> From => from.AsSpan(0, Rank);

    /// <summary>Elements from one to the next in the target: none negative.</summary>
    public ReadOnlySpan<long> To => to.AsSpan(0, Rank);

    private void Insert(long length, long fromStride, long toStride)
    {
        if (toStride < 0)
        {
            FromOffset += (length - 1) * fromStride;
            ToOffset += (length - 1) * toStride;
            fromStride = -fromStride;
            toStride = -toStride;
        }

        int place = Rank++;
        for (; place > 0 && to[place - 1] < toStride; place--)
        {
            lengths[place] = lengths[place - 1];
            from[place] = from[place - 1];
            to[place] = to[place - 1];
        }

        lengths[place] = length;
        from[place] = fromStride;
        to[place] = toStride;
    }

    private void Merge()
    {
        int kept = 0;
        for (int axis = 1; axis < Rank; axis++)
        {
            if (from[kept] == from[axis] * lengths[axis] && to[kept] == to[axis] * lengths[axis])
            {
                lengths[kept] *= lengths[axis];
            }
            else
            {
                lengths[++kept] = lengths[axis];
            }

            from[kept] = from[axis];
            to[kept] = to[axis];
        }

        Rank = Math.Min(Rank, kept + 1);
    }
}
