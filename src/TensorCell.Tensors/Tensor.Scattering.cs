using TensorCell.Kernels;
using TensorCell.Tensors.Autograd;
using TensorCell.Tensors.Graph;

namespace TensorCell.Tensors;

// Writing an element for each index, each to the place along an axis that the index names. None writes in place.
public sealed partial class Tensor
{
    /// <summary>
    /// A copy with elements replaced: for axis 1, <c>result[i, indices[i, j]] = source[i, j]</c>; of several for one place the last stays. PyTorch's
    /// <c>scatter</c>, and NumPy's <c>put_along_axis</c> out of place.
    /// </summary>
    /// <param name="axis">The axis that is indexed.</param>
    /// <param name="indices">Integers; as many axes as this tensor, and along the others at most as long.</param>
    /// <param name="source">As many elements as indices along each axis, or more, which are left out; or one number. It takes this type.</param>
    /// <exception cref="ArgumentOutOfRangeException">An index is out of range.</exception>
    public Tensor Scatter(int axis, Tensor indices, Tensor source) => ScatterBy("scatter", Fold.Replace, axis, indices, source);

    /// <summary>A copy with elements added: what goes to one place is added up. PyTorch's <c>scatter_add</c>.</summary>
    /// <inheritdoc cref="Scatter"/>
    public Tensor ScatterAdd(int axis, Tensor indices, Tensor source) => ScatterBy("scatterAdd", Fold.Sum, axis, indices, source);

    /// <summary>A copy in which the elements that indices bring to one place are reduced to one. PyTorch's <c>scatter_reduce</c>.</summary>
    /// <inheritdoc cref="Scatter"/>
    /// <param name="axis">The axis that is indexed.</param>
    /// <param name="indices">Integers; as many axes as this tensor, and along the others at most as long.</param>
    /// <param name="source">As many elements as indices along each axis, or more, which are left out; or one number. It takes this type.</param>
    /// <param name="reduction">How.</param>
    /// <param name="includeSelf">Whether the element that was there counts too.</param>
    public Tensor ScatterReduce(int axis, Tensor indices, Tensor source, ScatterReduction reduction, bool includeSelf = true)
    {
        ArgumentNullException.ThrowIfNull(indices);
        ArgumentNullException.ThrowIfNull(source);
        Tensor over = includeSelf ? this : Scatter(axis, indices, Neutral(reduction, DType));
        switch (reduction)
        {
            case ScatterReduction.Sum:
                return over.ScatterAdd(axis, indices, source);
            case ScatterReduction.Product:
                return over.ScatterBy("scatterReduce", Fold.Product, axis, indices, source);
            case ScatterReduction.Minimum:
                return over.ScatterBy("scatterReduce", Fold.Minimum, axis, indices, source);
            case ScatterReduction.Maximum:
                return over.ScatterBy("scatterReduce", Fold.Maximum, axis, indices, source);
            default:
                Tensor sums = over.ScatterAdd(axis, indices, source);
                Tensor counts = Full(Shape, includeSelf ? 1 : 0, DType.Int64).ScatterAdd(axis, indices, 1);
                counts = (includeSelf ? counts : Maximum(counts, 1)).To(Accumulated(DType));
                return DType.IsFloatingPoint ? (sums.To(counts.DType) / counts).To(DType) : sums.FloorDivide(counts);
        }
    }

    /// <summary>What changes nothing when it is reduced with others.</summary>
    private static Tensor Neutral(ScatterReduction reduction, DType dtype)
    {
        bool isLeast = reduction == ScatterReduction.Maximum;
        Number number = reduction switch
        {
            ScatterReduction.Sum or ScatterReduction.Mean => new Number(0L),
            ScatterReduction.Product => new Number(1L),
            _ when dtype.IsFloatingPoint => new Number(isLeast ? double.NegativeInfinity : double.PositiveInfinity),
            _ => new Number(dtype switch
            {
                DType.Bool => isLeast ? 0L : 1L,
                DType.UInt8 => isLeast ? byte.MinValue : byte.MaxValue,
                DType.Int8 => isLeast ? sbyte.MinValue : sbyte.MaxValue,
                DType.Int32 => isLeast ? int.MinValue : int.MaxValue,
                _ => isLeast ? long.MinValue : long.MaxValue,
            }),
        };
        return Full(default, number, dtype);
    }

    private Tensor ScatterBy(string operation, Fold fold, int axis, Tensor indices, Tensor source)
    {
        ArgumentNullException.ThrowIfNull(indices);
        ArgumentNullException.ThrowIfNull(source);
        RequireCpu(operation);
        axis = Shape.Axis(operation, axis);
        RequireLanes(operation, indices, axis);
        source = Covering(operation, source.To(DType), indices.Shape);
        bool isKept = Tape.Keeps(this, source);
        Tensor positions = Positions(operation, indices, axis, Shape, isKept, canBeNarrow: Rank > 1);
        Tensor result = Untracked(() => Scattered(fold, axis, positions, source));
        return !isKept ? result : fold switch
        {
            Fold.Product => PickingRules.ScatterProduct(result, this, source, axis, positions),
            Fold.Minimum => PickingRules.ScatterExtreme(result, "scatterminimum", this, source, axis, positions),
            Fold.Maximum => PickingRules.ScatterExtreme(result, "scattermaximum", this, source, axis, positions),
            _ => PickingRules.Scatter(result, this, source, fold, axis, positions),
        };
    }

    /// <summary>The source for indices of a shape: one number for all, or the elements that indices stand beside.</summary>
    private static Tensor Covering(string operation, Tensor source, Shape indices)
    {
        if (source.Rank == 0)
        {
            return source.BroadcastTo(indices);
        }

        bool isCovering = source.Rank == indices.Rank;
        for (int axis = 0; isCovering && axis < indices.Rank; axis++)
        {
            isCovering = source.Shape[axis] >= indices[axis];
        }

        if (!isCovering)
        {
            Throw.Argument($"{operation}: a source of shape {source.Shape} for indices of shape {indices}: it needs an element for each index");
        }

        return source.Shape == indices ? source : source[[.. indices.Select(length => (TensorIndex)(..length))]];
    }

    private Tensor Scattered(Fold fold, int axis, Tensor positions, Tensor source)
    {
        DType wide = fold == Fold.Replace ? DType : Accumulated(DType);
        Tensor values = source.To(wide);
        if (Rank == 1)
        {
            // One lane: shared out by position instead.
            return Written("scatter", fold, 0, positions, values.As(values.Shape), wide);
        }

        return Pending(
            new ScatterOperation(axis, fold, To(wide).As(Shape), positions.As(positions.Shape), values.As(values.Shape)), Shape, wide).To(DType);
    }
}
