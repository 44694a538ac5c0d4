using TensorCell.Kernels;
using TensorCell.Tensors.Graph;

namespace TensorCell.Tensors.Autograd;

/// <summary>Derivations of elements put elsewhere, and repeated there.</summary>
internal static class RearrangingRules
{
    /// <summary>Derives a padded tensor: what repeats an element gives its gradient to it.</summary>
    /// <param name="result">The padded tensor.</param>
    /// <param name="source">What was padded.</param>
    /// <param name="pads">By how much before and after each axis.</param>
    /// <param name="maps">Where each element along an axis comes from; null for an axis that stays.</param>
    /// <param name="mode">What it was padded with.</param>
    public static Tensor Pad(Tensor result, Tensor source, (int Before, int After)[] pads, int[]?[] maps, PadMode mode) => result.Derive(
        "pad", [source], new PadPart(pads, mode), (_, gradient, _) =>
        {
            if (mode == PadMode.Constant)
            {
                return gradient[[.. pads.Select((pad, axis) => (TensorIndex)(pad.Before..(pad.Before + source.Shape[axis])))]];
            }

            DType wide = Tensor.Accumulated(gradient.DType);
            gradient = gradient.To(wide);
            for (int axis = 0; axis < maps.Length; axis++)
            {
                if (maps[axis] is { } map)
                {
                    int[] lengths = gradient.Shape.ToArray();
                    lengths[axis] = source.Shape[axis];
                    gradient = Tensor.Zeros(lengths, wide).IndexAdd(axis, Tensor.From(map), gradient);
                }
            }

            return gradient;
        });

    /// <summary>Derives elements moved round.</summary>
    public static Tensor Roll(Tensor result, Tensor source, long[] moved) => result.Derive(
        "roll", [source], moved, (_, gradient, _) => gradient.Rolled([.. moved.Select(shift => -shift)]));

    /// <summary>Derives a view of some of the elements, none of them twice.</summary>
    /// <param name="result">The view.</param>
    /// <param name="name">What made it.</param>
    /// <param name="source">What it is a view of.</param>
    /// <param name="attribute">What it was given.</param>
    /// <param name="view">How it lies in a tensor that lies as given.</param>
    public static Tensor Part(Tensor result, string name, Tensor source, object? attribute, Func<Layout, Layout> view) => result.Derive(
        name, [source], attribute, (_, gradient, _) =>
        {
            Layout place = view(Layout.Of(source.Shape));
            return Tensor.Pending(new EmbedOperation(place, gradient.As(place.Shape)), source.Shape, gradient.DType);
        });

    /// <summary>Derives elements put on a diagonal.</summary>
    public static Tensor Diagonal(Tensor result, Tensor source, int offset) => result.Derive(
        "diag", [source], offset, (_, gradient, _) => gradient.Diagonal(offset));

    /// <summary>Derives windows, which may overlap.</summary>
    /// <param name="result">The windows: their number along the axis, their elements along a last one.</param>
    /// <param name="source">What they are windows of.</param>
    /// <param name="axis">The axis that they slide along.</param>
    /// <param name="step">How far.</param>
    public static Tensor Windows(Tensor result, Tensor source, int axis, int step) => result.Derive(
        "slidingwindow", [source], new WindowPart(axis, result.Shape[-1], step), (_, gradient, _) =>
        {
            DType wide = Tensor.Accumulated(gradient.DType);
            Tensor values = gradient.To(wide);
            return Tensor.Pending(new WindowSumOperation(axis, step, values.As(values.Shape)), source.Shape, wide);
        });
}
