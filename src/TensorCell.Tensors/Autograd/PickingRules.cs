using TensorCell.Kernels;
using TensorCell.Tensors.Graph;

namespace TensorCell.Tensors.Autograd;

/// <summary>Derivations of picking elements by index, and of writing them so.</summary>
internal static class PickingRules
{
    /// <summary>Derives parts at positions along an axis; a part that was taken twice gets both gradients.</summary>
    /// <param name="result">The parts.</param>
    /// <param name="source">Where they were taken from.</param>
    /// <param name="positions">The positions.</param>
    /// <param name="part">What was asked for.</param>
    /// <param name="isIgnored">Where positions get no gradient; null if all do.</param>
    public static Tensor Take(Tensor result, Tensor source, Tensor positions, TakePart part, Tensor? isIgnored) =>
        result.Derive("take", [source], part, (_, gradient, _) =>
        {
            Tensor kept = isIgnored is null
                ? gradient
                : Tensor.Where(isIgnored.Reshape(Shape.Of([.. isIgnored.Shape, .. Enumerable.Repeat(1, gradient.Rank - isIgnored.Rank)])), 0, gradient);
            return Added("take gradient", part.Axis, [part.Axis], positions, Layout.RowMajor(source.Shape)[part.Axis], kept, source.Shape);
        });

    /// <summary>Derives what several tensors pick together.</summary>
    public static Tensor Pick(Tensor result, Tensor source, Selection selection) => result.Derive("index", [source], null, (_, gradient, _) =>
    {
        (Tensor positions, long stride) = selection.Positions(Layout.Of(source.Shape));
        return Added("index gradient", selection.Place, selection.PickedAxes, positions, stride, gradient, source.Shape);
    });

    /// <summary>Derives the elements where a mask holds: the gradient of the others is zero.</summary>
    public static Tensor MaskedSelect(Tensor result, Tensor source, Tensor mask) => result.Derive("index", [source], null, (_, gradient, _) =>
        Tensor.Pending(
            new PutOperation(
                "index gradient", 0, [.. Enumerable.Range(0, source.Rank)], 1, Fold.Replace, mask.NonZeroPositions().As(gradient.Shape), gradient.As(gradient.Shape)),
            source.Shape,
            gradient.DType));

    /// <summary>Derives parts written along an axis over those of another tensor.</summary>
    public static Tensor Put(Tensor result, Tensor over, Tensor source, Fold fold, int axis, Tensor positions, Shape parts) =>
        result.Derive(fold == Fold.Sum ? "indexadd" : "indexcopy", [over, source], axis, (input, gradient, _) =>
        {
            if (input == 0)
            {
                return fold == Fold.Sum ? gradient : gradient.IndexCopy(axis, positions, 0);
            }

            Tensor written = gradient.Take(positions, axis);
            if (fold == Fold.Replace)
            {
                // Of parts that went to one position only the last is there.
                Tensor order = Tensor.Arange(positions.Count, DType.Int64);
                Tensor isLast = Tensor.Zeros(over.Shape[axis], DType.Int64).IndexCopy(0, positions, order).Take(positions).EqualTo(order);
                written = Tensor.Where(isLast.Reshape(Shape.Of([.. isLast.Shape, .. Enumerable.Repeat(1, parts.Rank - axis - 1)])), written, 0);
            }

            return written.SumTo(source.Shape);
        });

    /// <summary>Derives the elements that indices name along an axis.</summary>
    public static Tensor Gather(Tensor result, Tensor source, int axis, Tensor positions) => result.Derive(
        "gather", [source], axis, (_, gradient, _) =>
        {
            DType wide = Tensor.Accumulated(gradient.DType);
            return Tensor.Zeros(source.Shape, wide).ScatterAdd(axis, positions, gradient.To(wide));
        });

    /// <summary>Derives elements written along an axis over those of another tensor.</summary>
    public static Tensor Scatter(Tensor result, Tensor over, Tensor source, Fold fold, int axis, Tensor positions) => result.Derive(
        fold == Fold.Sum ? "scatteradd" : "scatter", [over, source], axis, (input, gradient, _) =>
        {
            if (input == 0)
            {
                return fold == Fold.Sum ? gradient : gradient.Scatter(axis, positions, 0);
            }

            Tensor written = gradient.Gather(axis, positions);
            if (fold == Fold.Replace)
            {
                Tensor order = Tensor.Arange(positions.Count, DType.Int64).Reshape(positions.Shape);
                Tensor isLast = Tensor.Zeros(over.Shape, DType.Int64).Scatter(axis, positions, order).Gather(axis, positions).EqualTo(order);
                written = Tensor.Where(isLast, written, 0);
            }

            return written.SumTo(source.Shape);
        });

    /// <summary>Derives the extremes of elements and those written over them: all that tie share the gradient.</summary>
    public static Tensor ScatterExtreme(Tensor result, string name, Tensor over, Tensor source, int axis, Tensor positions) => result.Derive(
        name, [over, source], axis, (input, gradient, y) =>
        {
            Tensor isOver = over.EqualTo(y).To(gradient.DType);
            Tensor isSource = source.EqualTo(y.Gather(axis, positions)).To(gradient.DType);
            Tensor share = gradient / isOver.ScatterAdd(axis, positions, isSource);
            return input == 0 ? Tensor.Where(over.EqualTo(y), share, 0) : isSource * share.Gather(axis, positions);
        });

    /// <summary>Derives the products of elements and those written over them, exactly where there are zeros too.</summary>
    public static Tensor ScatterProduct(Tensor result, Tensor over, Tensor source, int axis, Tensor positions) => result.Derive(
        "scatterproduct", [over, source], axis, (input, gradient, _) =>
        {
            Tensor zeros = over.EqualTo(0).To(DType.Int64).ScatterAdd(axis, positions, source.EqualTo(0).To(DType.Int64));
            Tensor ofOthers = Tensor.Where(over.EqualTo(0), 1, over)
                .ScatterReduce(axis, positions, Tensor.Where(source.EqualTo(0), 1, source), ScatterReduction.Product);
            return input == 0
                ? gradient * Share(over, zeros, ofOthers)
                : gradient.Gather(axis, positions) * Share(source, zeros.Gather(axis, positions), ofOthers.Gather(axis, positions));
        });

    /// <summary>The product of the others, of which <paramref name="zeros"/> with this one are zero.</summary>
    private static Tensor Share(Tensor factor, Tensor zeros, Tensor ofOthers)
    {
        Tensor isZero = factor.EqualTo(0);
        return Tensor.Where(
            isZero,
            Tensor.Where(zeros.EqualTo(1), ofOthers, 0),
            Tensor.Where(zeros.EqualTo(0), ofOthers / Tensor.Where(isZero, 1, factor), 0));
    }

    private static Tensor Added(string name, int place, int[] axes, Tensor positions, long stride, Tensor gradient, Shape shape)
    {
        Tensor values = gradient.To(Tensor.Accumulated(gradient.DType));
        return Tensor.Pending(
            new PutOperation(name, place, axes, stride, Fold.Sum, positions.As(positions.Shape), values.As(values.Shape)), shape, values.DType);
    }
}
