using TensorCell.Tensors.Graph;

namespace TensorCell.Tensors.Autograd;

/// <summary>Derivations of views and copies.</summary>
internal static class ViewRules
{
    /// <summary>Derives another shape of the same elements in the same order.</summary>
    public static Tensor Reshape(Tensor result, Tensor source) =>
        result.Derive("reshape", [source], result.Shape, (_, gradient, _) => gradient.Reshape(source.Shape), DerivationReads.Nothing);

    /// <summary>Derives another order of axes.</summary>
    public static Tensor Permute(Tensor result, Tensor source, int[] order)
    {
        return result.Derive("permute", [source], order, (_, gradient, _) =>
        {
            int[] inverse = new int[order.Length];
            for (int axis = 0; axis < order.Length; axis++)
            {
                inverse[order[axis]] = axis;
            }

            return gradient.Permute(inverse);
        }, DerivationReads.Nothing);
    }

    /// <summary>Derives a repetition along axes.</summary>
    public static Tensor Broadcast(Tensor result, Tensor source) =>
        result.Derive("broadcastto", [source], result.Shape, (_, gradient, _) => gradient.SumTo(source.Shape), DerivationReads.Nothing);

    /// <summary>Derives a copy.</summary>
    public static Tensor Copy(Tensor result, Tensor source) => result.Derive("copy", [source], null, (_, gradient, _) => gradient, DerivationReads.Nothing);

    /// <summary>Derives a copy on another device.</summary>
    public static Tensor Move(Tensor result, Tensor source) =>
        result.Derive("to", [source], null, (_, gradient, _) => gradient.To(source.Device), DerivationReads.Nothing);

    /// <summary>Derives a part: the gradient of what was left out is zero.</summary>
    /// <param name="result">The part.</param>
    /// <param name="source">What it is a part of.</param>
    /// <param name="parts">What is taken of each axis.</param>
    public static Tensor Slice(Tensor result, Tensor source, SlicePart[] parts) => result.Derive("slice", [source], parts, (_, gradient, _) =>
    {
        long[] whole = Layout.RowMajor(source.Shape);
        int[] lengths = new int[parts.Length];
        long[] strides = new long[parts.Length];
        long offset = 0;
        for (int axis = 0; axis < parts.Length; axis++)
        {
            lengths[axis] = parts[axis].Count;
            strides[axis] = whole[axis] * parts[axis].Step;
            offset += parts[axis].Count == 0 ? 0 : whole[axis] * parts[axis].Start;
        }

        Layout place = new(Shape.Adopt(lengths), strides, offset);
        if (place.IsContiguous && place.Offset == 0 && place.Shape.Count == source.Count)
        {
            return gradient.Reshape(source.Shape);
        }

        return Tensor.Pending(
            new EmbedOperation(place, gradient.Reshape(place.Shape).As(place.Shape)), source.Shape, gradient.DType);
    }, DerivationReads.Nothing);
}
