using TensorCell.Kernels.Simd;

namespace TensorCell.Tensors.Graph;

/// <summary>The rows that a <see cref="RowGroup"/> works on: the elements of a shape, taken along its trailing axes.</summary>
/// <param name="Shape">The shape.</param>
/// <param name="Axes">How many trailing axes a row has.</param>
/// <param name="Rows">How many rows there are.</param>
/// <param name="Length">Elements of a row.</param>
internal sealed record RowDomain(Shape Shape, int Axes, long Rows, long Length)
{
    private const int MostVisited = 64;

    /// <summary>The rows of the first fold of trailing axes that a value is computed from; null if there is none, or none of the length for a pipeline.</summary>
    public static RowDomain? Find(Value root)
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

            if (value.Operation is ReductionOperation reduction && Of(reduction) is { } domain)
            {
                return domain;
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

    /// <summary>What a value is in a group of these rows; null if it is none of theirs.</summary>
    public RowMember? MemberOf(Value value) => value.Operation switch
    {
        ElementwiseOperation elementwise when value.Layout.Shape == Shape => new(elementwise, isPerRow: false),
        ElementwiseOperation elementwise when value.Layout.Shape.Count == Rows => new(elementwise, isPerRow: true),
        ReductionOperation reduction when Folds(reduction) => new(reduction, isPerRow: true),
        _ => null,
    };

    /// <summary>What an operand of a member is in the group; null if it is only read.</summary>
    public RowMember? MemberOf(in Operand operand, RowMember reader)
    {
        if (!operand.Value.IsPending || MemberOf(operand.Value) is not { } member)
        {
            return null;
        }

        bool isReaderPerRow = reader.IsPerRow && !reader.IsFold;
        bool isWhole = member.IsPerRow
            ? operand.Layout.Offset == 0 && (isReaderPerRow ? operand.Layout.IsContiguous : RepeatsAlongRows(operand.Layout))
            : !isReaderPerRow && operand.IsWhole;
        return isWhole ? member : null;
    }

    private static RowDomain? Of(ReductionOperation reduction)
    {
        Shape shape = reduction.Inputs[0].Layout.Shape;
        if (!AreTrailing(reduction.Axes, shape.Rank))
        {
            return null;
        }

        long length = 1;
        foreach (int axis in reduction.Axes)
        {
            length *= shape[axis];
        }

        long rows = length == 0 ? 0 : shape.Count / length;
        return length is > 1 and <= RowPipeline.LongestRow && rows is > 0 and <= int.MaxValue && rows * length > length
            ? new RowDomain(shape, reduction.Axes.Length, rows, length)
            : null;
    }

    private static bool AreTrailing(int[] axes, int rank) => axes.Length > 0 && axes[0] == rank - axes.Length;

    private bool Folds(ReductionOperation reduction) =>
        reduction.Axes.Length == Axes && AreTrailing(reduction.Axes, Shape.Rank) && reduction.Inputs[0].Layout.Shape == Shape;

    /// <summary>Whether a layout of this shape shows one element after the other, each for a whole row.</summary>
    private bool RepeatsAlongRows(Layout layout) =>
        layout.Shape == Shape && layout.Reshape(Shape.Of((int)Rows, (int)Length)) is { } flat && flat.Strides[1] == 0 && (Rows == 1 || flat.Strides[0] == 1);
}
