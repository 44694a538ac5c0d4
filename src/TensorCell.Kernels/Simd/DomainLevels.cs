namespace TensorCell.Kernels.Simd;

/// <summary>Which dimensions of a shape make up which level of a <see cref="FoldDomain"/>. Those of length one are of none.</summary>
internal readonly struct DomainLevels
{
    private readonly int[] outer;
    private readonly int[] across;
    private readonly int[] group;
    private readonly int[] kept;
    private readonly int[] segment;
    private readonly int[] within;

    private DomainLevels(int[] outer, int[] across, int[] group, int[] kept, int[] segment, int[] within) =>
        (this.outer, this.across, this.group, this.kept, this.segment, this.within) = (outer, across, group, kept, segment, within);

    /// <summary>All dimensions, in the order of levels.</summary>
    public int[] Order => [.. outer, .. across, .. group, .. kept, .. segment, .. within];

    /// <summary>The kept dimensions in their order.</summary>
    public int[] Kept => [.. outer, .. group, .. kept];

    /// <summary>The domain of a fold.</summary>
    /// <param name="shape">The lengths of the dimensions.</param>
    /// <param name="folded">The folded ones, ascending.</param>
    public static (FoldDomain Domain, DomainLevels Levels) Of(ReadOnlySpan<long> shape, ReadOnlySpan<int> folded)
    {
        List<int> outer = [], across = [], kept = [], within = [];
        int last = shape.Length - 1;
        while (last >= 0 && shape[last] == 1)
        {
            last--;
        }

        for (int d = last; d >= 0; d--)
        {
            if (shape[d] == 1)
            {
                continue;
            }

            // The folded ones at the end are lines; else the kept ones there are, and all others lie outside of what is folded.
            bool isLast = (folded.Contains(d) ? kept : within).Count + across.Count + outer.Count == 0;
            List<int> level = folded.Contains(d) ? (isLast ? within : across)
                : across.Count > 0 ? outer : kept;
            level.Insert(0, d);
        }

        DomainLevels levels = new([.. outer], [.. across], [], [.. kept], [], [.. within]);
        return (levels.Domain(shape), levels);
    }

    /// <summary>The same positions with levels cut in two where operands do not step evenly through them; null if they do not even so.</summary>
    /// <param name="shape">The lengths of the dimensions.</param>
    /// <param name="strides">Each operand's strides along them.</param>
    public (FoldDomain Domain, DomainLevels Levels)? Cut(ReadOnlySpan<long> shape, IEnumerable<long[]> strides)
    {
        int keptCut = 0;
        int withinCut = 0;
        foreach (long[] operand in strides)
        {
            if (!TryMerge(shape, operand, outer, out _) || !TryMerge(shape, operand, across, out _)
                || !TryCut(shape, operand, kept, ref keptCut) || !TryCut(shape, operand, within, ref withinCut))
            {
                return null;
            }
        }

        DomainLevels cut = new(outer, across, kept[..keptCut], kept[keptCut..], within[..withinCut], within[withinCut..]);
        return (cut.Domain(shape), cut);
    }

    /// <summary>An operand's strides at each level; null if it does not step evenly through one.</summary>
    /// <param name="shape">The lengths of the dimensions.</param>
    /// <param name="strides">The operand's byte strides along them.</param>
    /// <param name="isOutput">Whether it has kept positions only.</param>
    public DomainStrides? Strides(ReadOnlySpan<long> shape, ReadOnlySpan<long> strides, bool isOutput)
    {
        bool isEven = TryMerge(shape, strides, outer, out long outerStride)
            & TryMerge(shape, strides, group, out long groupStride)
            & TryMerge(shape, strides, kept, out long keptStride);
        long acrossStride = 0;
        long segmentStride = 0;
        long withinStride = 0;
        if (!isOutput)
        {
            isEven &= TryMerge(shape, strides, across, out acrossStride)
                & TryMerge(shape, strides, segment, out segmentStride)
                & TryMerge(shape, strides, within, out withinStride);
        }

        return isEven ? new(outerStride, acrossStride, groupStride, keptStride, segmentStride, withinStride) : null;
    }

    private FoldDomain Domain(ReadOnlySpan<long> shape) =>
        new(new(Count(shape, outer), Count(shape, across), Count(shape, group), Count(shape, kept), Count(shape, segment), Count(shape, within)));

    /// <summary>Whether an operand steps evenly through dimensions, or does if they are cut where others are, or, if these are not, somewhere.</summary>
    private static bool TryCut(ReadOnlySpan<long> shape, ReadOnlySpan<long> strides, int[] dimensions, ref int cut)
    {
        for (int i = 1; i < dimensions.Length; i++)
        {
            if (i == cut || strides[dimensions[i - 1]] == strides[dimensions[i]] * shape[dimensions[i]])
            {
                continue;
            }

            if (cut != 0)
            {
                return false;
            }

            cut = i;
        }

        return true;
    }

    private static long Count(ReadOnlySpan<long> shape, int[] dimensions)
    {
        long count = 1;
        foreach (int d in dimensions)
        {
            count *= shape[d];
        }

        return count;
    }

    private static bool TryMerge(ReadOnlySpan<long> shape, ReadOnlySpan<long> strides, int[] dimensions, out long stride)
    {
        stride = dimensions.Length > 0 ? strides[dimensions[^1]] : 0;
        for (int i = 1; i < dimensions.Length; i++)
        {
            if (strides[dimensions[i - 1]] != strides[dimensions[i]] * shape[dimensions[i]])
            {
                return false;
            }
        }

        return true;
    }
}
