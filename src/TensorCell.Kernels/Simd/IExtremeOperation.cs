using System.Runtime.Intrinsics;

namespace TensorCell.Kernels.Simd;

/// <summary>A fold that keeps one of its values, whose index can be told.</summary>
internal interface IExtremeOperation : IFoldOperation
{
    /// <summary>Where a later value takes the place of the best so far: a better one, or the first NaN.</summary>
    static abstract Vector512<T> Beats<T>(Vector512<T> value, Vector512<T> best);
}
