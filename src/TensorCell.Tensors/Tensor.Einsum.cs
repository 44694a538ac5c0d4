using TensorCell.Kernels;
using TensorCell.Tensors.Contraction;

namespace TensorCell.Tensors;

// Products of tensors, summed over axes that are named. Gradients are those of the matrix products, sums and views that they are made of.
public sealed partial class Tensor
{
    /// <summary>
    /// The sum of products of elements, over all axes whose subscripts the result has not, as NumPy's <c>einsum</c>: <c>"bij,bjk->bik"</c> is a batch of
    /// matrix products, <c>"ii"</c> a trace, <c>"...ij->...ji"</c> a transpose. Operands are contracted two at a time, in an order chosen by their sizes.
    /// Where nothing is multiplied or summed, as in <c>"ij->ji"</c>, the result is a view.
    /// </summary>
    /// <param name="subscripts">
    /// A letter for each axis of each operand, an ellipsis for any more of them, which broadcast; then, behind <c>-></c>, those of the result: by default
    /// the ellipsis and then the letters that are there once, in alphabetical order. A letter twice in one operand is its diagonal.
    /// </param>
    /// <param name="operands">The tensors, computed with in their common type.</param>
    /// <exception cref="ArgumentException">The subscripts are malformed or do not fit the shapes.</exception>
    public static Tensor Einsum(string subscripts, params ReadOnlySpan<Tensor> operands)
    {
        ArgumentNullException.ThrowIfNull(subscripts);
        Shape[] shapes = new Shape[operands.Length];
        DType? common = null;
        for (int index = 0; index < shapes.Length; index++)
        {
            ArgumentNullException.ThrowIfNull(operands[index], nameof(operands));
            shapes[index] = operands[index].Shape;
            common = common is { } type ? Promotion.Of(type, operands[index].DType) : operands[index].DType;
        }

        EinsumSubscripts read = EinsumSubscripts.Read(subscripts, shapes);
        DType wide = Accumulated(common!.Value);
        List<LabelledTensor> tensors = [];
        for (int index = 0; index < shapes.Length; index++)
        {
            tensors.Add(LabelledTensor.Of(operands[index].To(wide), read.Inputs[index], read.Lengths));
        }

        for (int index = 0; index < tensors.Count; index++)
        {
            tensors[index] = tensors[index].SumTo(ContractionOrder.Needed(tensors, read.Output, index, index).Contains);
        }

        while (tensors.Count > 1)
        {
            (int first, int second) = ContractionOrder.Next(tensors, read.Output, read.Lengths);
            HashSet<int> needed = ContractionOrder.Needed(tensors, read.Output, first, second);
            LabelledTensor product = PairContraction.Of(tensors[first], tensors[second], needed.Contains, read.Output);
            tensors.RemoveAt(second);
            tensors[first] = product;
        }

        Tensor result = tensors[0].As(read.Output).To(common.Value);
        Shape shape = Shape.Of([.. read.Output.Select(label => read.Lengths[label])]);
        return result.Shape == shape ? result : result.BroadcastTo(shape);
    }

    /// <summary>The sum of products over the last axes of this tensor and the first of another.</summary>
    /// <param name="other">The other tensor.</param>
    /// <param name="axes">How many axes: 0 gives every product of two elements, 1 the matrix product of matrices.</param>
    /// <exception cref="ArgumentException">Too few axes, or lengths that differ.</exception>
    public Tensor TensorDot(Tensor other, int axes = 2)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (axes < 0 || axes > Math.Min(Rank, other.Rank))
        {
            Throw.Argument($"tensordot: {axes} axes of {Shape} and {other.Shape}; use 0 to {Math.Min(Rank, other.Rank)}");
        }

        return TensorDot(other, [.. Enumerable.Range(Rank - axes, axes)], [.. Enumerable.Range(0, axes)]);
    }

    /// <summary>The sum of products over axes of this tensor and those of another; the result has the others of this, then the others of the other.</summary>
    /// <param name="other">The other tensor.</param>
    /// <param name="axes">Axes of this tensor.</param>
    /// <param name="otherAxes">For each, the axis of the other that it is paired with.</param>
    /// <exception cref="ArgumentException">The numbers of axes, or lengths, differ.</exception>
    public Tensor TensorDot(Tensor other, ReadOnlySpan<int> axes, ReadOnlySpan<int> otherAxes)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (axes.Length != otherAxes.Length)
        {
            Throw.Argument($"tensordot: {axes.Length} axes of {Shape} and {otherAxes.Length} of {other.Shape}; name as many of both");
        }

        int[] labels = [.. Enumerable.Range(1, Rank)];
        int[] otherLabels = [.. Enumerable.Range(Rank + 1, other.Rank)];
        for (int index = 0; index < axes.Length; index++)
        {
            int own = Shape.Axis("tensordot", axes[index]);
            int paired = other.Shape.Axis("tensordot", otherAxes[index]);
            if (Shape[own] != other.Shape[paired] || otherLabels[paired] <= Rank || otherLabels.Contains(labels[own]))
            {
                Throw.Argument(Shape[own] != other.Shape[paired]
                    ? $"tensordot: {Shape} with {other.Shape}: axis {own} has {Shape[own]} elements and axis {paired} of the other {other.Shape[paired]}"
                    : $"tensordot: axis {own} of {Shape} or axis {paired} of {other.Shape} is named twice");
            }

            otherLabels[paired] = labels[own];
        }

        DType type = Promotion.Of(DType, other.DType);
        int[] output = [.. labels.Except(otherLabels), .. otherLabels.Except(labels)];
        LabelledTensor product = PairContraction.Of(
            new LabelledTensor(To(Accumulated(type)), labels), new LabelledTensor(other.To(Accumulated(type)), otherLabels), output.Contains, output);
        return product.As(output).To(type);
    }

    /// <summary>The sum of products over the last axes of both, which are of one length; a scalar multiplies.</summary>
    public Tensor Inner(Tensor other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return Rank == 0 || other.Rank == 0 ? this * other : TensorDot(other, [-1], [-1]);
    }

    /// <summary>The Kronecker product: every element of this tensor times the whole other one, as blocks. Missing leading axes count as 1.</summary>
    public Tensor Kron(Tensor other)
    {
        ArgumentNullException.ThrowIfNull(other);
        int rank = Math.Max(Rank, other.Rank);
        int[] own = [.. Enumerable.Repeat(1, rank - Rank), .. Shape];
        int[] others = [.. Enumerable.Repeat(1, rank - other.Rank), .. other.Shape];
        Tensor blocks = Reshape(Shape.Of([.. own.SelectMany(length => (int[])[length, 1])]))
            * other.Reshape(Shape.Of([.. others.SelectMany(length => (int[])[1, length])]));
        return blocks.Reshape(Shape.Of([.. own.Zip(others, (length, inner) => Shape.Length("kron", (long)length * inner))]));
    }
}
