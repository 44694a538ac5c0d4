namespace TensorCell.Tensors.Convolution;

/// <summary>Work done on each part of a convolution's result while it is still in the nearest cache, such as applying an activation or adding a residual.</summary>
/// <param name="function">
/// Called with <paramref name="context"/> and the part, which it reads and writes in place. Parts do not overlap, cover the result, and are worked on by several
/// threads at once.
/// </param>
/// <param name="context">Whatever the function needs; alive until the convolution is done.</param>
public readonly unsafe struct ConvolutionEpilogue(delegate*<nint, in FinishedPart, void> function, nint context)
{
    /// <summary>Whether there is any work to do.</summary>
    internal bool IsPresent => function is not null;

    /// <summary>Does the work on one part.</summary>
    internal void Run(in FinishedPart part) => function(context, part);
}
