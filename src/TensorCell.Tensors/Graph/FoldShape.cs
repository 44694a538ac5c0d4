using TensorCell.Kernels.Simd;

namespace TensorCell.Tensors.Graph;

/// <summary>The shape that a <see cref="FoldGroup"/> works on, with the axes that its folds fold: trailing ones, leading ones, or others.</summary>
/// <param name="Shape">The shape.</param>
/// <param name="Axes">The folded axes, ascending.</param>
/// <param name="Domain">The positions of a fold.</param>
/// <param name="Levels">Which axes make up which level of these.</param>
internal sealed record FoldShape(Shape Shape, int[] Axes, FoldDomain Domain, DomainLevels Levels)
{
    private const int MostVisited = 64;

    /// <summary>The shape of the first fold that a value is computed from and that a pipeline can run; null if there is none.</summary>
    public static FoldShape? Find(Value root)
    {
        HashSet<Value> seen = new(ReferenceEqualityComparer.Instance);
        Queue<Value> open = [];
        open.Enqueue(root);
        while (open.TryDequeue(out Value? value) && seen.Count < MostVisited)
        {
            if (!seen.Add(value))
            {
                continue;
            }

            if (value.Operation is ReductionOperation reduction && Of(reduction) is { } shape)
            {
                return shape;
            }

            if (value.Operation is (ElementwiseOperation or ReductionOperation) and { } operation)
            {
                foreach (ref readonly Operand input in operation.Inputs.AsSpan())
                {
                    open.Enqueue(input.Value);
                }
            }
        }

        return null;
    }

    /// <summary>What a value is in a group of this shape; null if it is none of its.</summary>
    public FoldMember? MemberOf(Value value) => value.Operation switch
    {
        ElementwiseOperation elementwise when value.Layout.Shape == Shape => new(value, elementwise, isPerKept: false),
        ElementwiseOperation elementwise when value.Layout.Shape.Count == Domain.Kept => new(value, elementwise, isPerKept: true),
        ReductionOperation reduction when Folds(reduction) => new(value, reduction, isPerKept: true),
        _ => null,
    };

    /// <summary>What an operand of a member is in the group; null if it is only read.</summary>
    public FoldMember? MemberOf(in Operand operand, FoldMember reader)
    {
        if (!operand.Value.IsPending || MemberOf(operand.Value) is not { } member)
        {
            return null;
        }

        bool isReaderPerKept = reader.IsPerKept && !reader.IsFold;
        bool isWhole = member.IsPerKept
            ? operand.Layout.Offset == 0 && (isReaderPerKept ? operand.Layout.IsContiguous : RepeatsWhereFolded(operand.Layout))
            : !isReaderPerKept && operand.IsWhole;
        return isWhole ? member : null;
    }

    private static FoldShape? Of(ReductionOperation reduction)
    {
        Shape shape = reduction.Inputs[0].Layout.Shape;
        long count = shape.Count;
        if (count == 0 || reduction.Axes.Length is 0)
        {
            return null;
        }

        (FoldDomain domain, DomainLevels levels) = DomainLevels.Of(reduction.Inputs[0].Layout.LongLengths, reduction.Axes);
        return domain is { Folded: > 1, Kept: <= int.MaxValue } && FoldPipeline.Fits(domain) ? new(shape, reduction.Axes, domain, levels) : null;
    }

    private bool Folds(ReductionOperation reduction) =>
        reduction.Inputs[0].Layout.Shape == Shape && reduction.Axes.AsSpan().SequenceEqual(Axes);

    /// <summary>Whether a layout of this shape shows one element after the other, each wherever it is folded.</summary>
    private bool RepeatsWhereFolded(Layout layout)
    {
        if (layout.Shape != Shape)
        {
            return false;
        }

        long expected = 1;
        for (int axis = Shape.Rank - 1; axis >= 0; axis--)
        {
            bool isFolded = Array.IndexOf(Axes, axis) >= 0;
            if (Shape[axis] != 1 && layout.Strides[axis] != (isFolded ? 0 : expected))
            {
                return false;
            }

            expected *= isFolded ? 1 : Shape[axis];
        }

        return true;
    }
}
