namespace TensorCell.Kernels.Simd;

/// <summary>Which dimensions of a shape make up which level of a <see cref="FoldDomain"/>. Those of length one are of none.</summary>
internal readonly struct DomainLevels
{
    private readonly int[] outer;
    private readonly int[] across;
    private readonly int[] kept;
    private readonly int[] within;

    private DomainLevels(List<int> outer, List<int> across, List<int> kept, List<int> within) =>
        (this.outer, this.across, this.kept, this.within) = ([.. outer], [.. across], [.. kept], [.. within]);

    /// <summary>All dimensions, in the order of levels.</summary>
    public int[] Order => [.. outer, .. across, .. kept, .. within];

    /// <summary>The kept dimensions in their order.</summary>
    public int[] Kept => [.. outer, .. kept];

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

        DomainStrides lengths = new(Count(shape, outer), Count(shape, across), 1, Count(shape, kept), 1, Count(shape, within));
        return (new(lengths), new(outer, across, kept, within));
    }

    /// <summary>An operand's strides at each level; null if it does not step evenly through one.</summary>
    /// <param name="shape">The lengths of the dimensions.</param>
    /// <param name="strides">The operand's byte strides along them.</param>
    /// <param name="isOutput">Whether it has kept positions only.</param>
    public DomainStrides? Strides(ReadOnlySpan<long> shape, ReadOnlySpan<long> strides, bool isOutput)
    {
        bool isEven = TryMerge(shape, strides, outer, out long outerStride) & TryMerge(shape, strides, kept, out long keptStride);
        long acrossStride = 0;
        long withinStride = 0;
        if (!isOutput)
        {
            isEven &= TryMerge(shape, strides, across, out acrossStride) & TryMerge(shape, strides, within, out withinStride);
        }

        return isEven ? new(outerStride, acrossStride, 0, keptStride, 0, withinStride) : null;
    }

    private static long Count(ReadOnlySpan<long> shape, List<int> dimensions)
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
