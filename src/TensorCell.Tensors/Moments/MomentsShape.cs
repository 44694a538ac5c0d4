using TensorCell.Kernels.Simd;

namespace TensorCell.Tensors.Moments;

/// <summary>
/// A row-major shape as moments see it: those of kept position k are of the elements at <c>(o * Kept + k) * Within + w</c>, for every o and w.
/// </summary>
/// <param name="Outer">The product of the folded lengths before the kept axes.</param>
/// <param name="Kept">The product of the kept lengths.</param>
/// <param name="Within">The product of the folded lengths behind them.</param>
internal readonly record struct MomentsShape(long Outer, long Kept, long Within)
{
    private const long LeastElements = 64 * 1024;
    private const long LeastRows = 64;
    private const long LeastLine = 512;

    /// <summary>Elements that moments are of.</summary>
    public long Folded => Outer * Within;

    /// <summary>
    /// A shape with folded axes; null where these have others on both sides, or where moments are as fast as part of a pipeline, which reads what it folds
    /// from memory once as well.
    /// </summary>
    public static MomentsShape? Of(Shape shape, int[] axes)
    {
        if (shape.Count < LeastElements || Collapsed(shape, axes) is not { } collapsed)
        {
            return null;
        }

        bool suits = collapsed.Within == 1
            ? collapsed.Kept >= MomentBlock.Lanes && collapsed.Outer >= LeastRows
            : collapsed.Within >= LeastLine && !FoldPipeline.Fits(DomainLevels.Of(Layout.Of(shape).LongLengths, axes).Domain);
        return suits ? collapsed : null;
    }

    private static MomentsShape? Collapsed(Shape shape, int[] axes)
    {
        (long outer, long kept, long within) = (1, 1, 1);
        bool isBehind = false;
        for (int axis = 0; axis < shape.Rank; axis++)
        {
            bool isFolded = axes.Contains(axis);
            if (shape[axis] == 1)
            {
                continue;
            }

            if (!isFolded && isBehind)
            {
                return null;
            }

            isBehind |= isFolded && kept > 1;
            (outer, kept, within) = !isFolded ? (outer, kept * shape[axis], within)
                : isBehind ? (outer, kept, within * shape[axis])
                : (outer * shape[axis], kept, within);
        }

        return kept == 1 ? new(1, 1, outer) : new(outer, kept, within);
    }
}
