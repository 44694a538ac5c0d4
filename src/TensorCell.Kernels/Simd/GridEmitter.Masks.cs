using System.Reflection.Emit;
using TensorCell.Kernels.Ir;

namespace TensorCell.Kernels.Simd;

/// <summary>Masks of lanes as the bits of an i64: those that are active, and those for which a condition holds.</summary>
internal sealed unsafe partial class GridEmitter
{
    /// <summary>Pushes the mask of active lanes.</summary>
    private void PushActive()
    {
        if (active is { } mask)
        {
            il.Emit(OpCodes.Ldloc, mask);
        }
        else
        {
            il.Emit(OpCodes.Ldc_I8, FullBits);
        }
    }

    /// <summary>Pushes the mask of one copy's active lanes.</summary>
    private void PushActive(int copy)
    {
        PushActive();
        if (copies > 1)
        {
            il.Emit(OpCodes.Ldc_I4, copy * lanes);
            il.Emit(OpCodes.Shr_Un);
            il.Emit(OpCodes.Ldc_I8, (1L << lanes) - 1);
            il.Emit(OpCodes.And);
        }
    }

    /// <summary>Pushes one copy's active lanes as a mask.</summary>
    private void PushMaskOfActive(LaneType type, int copy)
    {
        PushActive();
        il.Emit(OpCodes.Ldc_I4, copy * lanes);
        il.Emit(OpCodes.Shr_Un);
        operations.MaskFromBits(LaneTypes.Mask(type.Size));
    }

    /// <summary>Pushes an i64 with a bit for each item for which a bool holds; bits of items that are not active mean nothing.</summary>
    private void PushBits(Node condition)
    {
        if (plan.Of(condition).IsUniform)
        {
            PushScalar(condition);
            il.Emit(OpCodes.Conv_I8);
            il.Emit(OpCodes.Neg);
            return;
        }

        if (PlaceOperations(condition) is > 0 and <= LargestTree)
        {
            PushPlaceBits(condition);
            return;
        }

        // What is uniform joins as a scalar rather than as a vector.
        if (condition is BinaryNode { Operation: BinaryOperation.And } both && !IsKept(condition)
            && (plan.Of(both.Left).IsUniform || plan.Of(both.Right).IsUniform))
        {
            PushBits(both.Left);
            PushBits(both.Right);
            il.Emit(OpCodes.And);
            return;
        }

        var type = plan.TypeOf(condition);
        for (var copy = 0; copy < copies; copy++)
        {
            PushVector(condition, copy);
            operations.MaskBits(type);
            if (copy > 0)
            {
                il.Emit(OpCodes.Ldc_I4, copy * lanes);
                il.Emit(OpCodes.Shl);
                il.Emit(OpCodes.Or);
            }
        }
    }

    /// <summary>
    /// How many operations find the bits of a condition that asks only where along X an item lies, and what is uniform; 0 if it asks for
    /// anything else. Such a condition holds for a run of items, whose ends scalars find without a comparison of each.
    /// </summary>
    private int PlaceOperations(Node condition)
    {
        switch (condition)
        {
            case not null when plan.Of(condition).IsUniform:
                return 1;
            case CompareNode compare:
                return Place(compare).Limit is null ? 0 : 1;
            case UnaryNode { Operation: UnaryOperation.Not } not:
                return PlaceOperations(not.Value) is var one and > 0 ? one + 1 : 0;
            case BinaryNode { Operation: BinaryOperation.And or BinaryOperation.Or } both:
                return PlaceOperations(both.Left) is var left and > 0 && PlaceOperations(both.Right) is var right and > 0 ? left + right + 1 : 0;
            default:
                return 0;
        }
    }

    /// <summary>A comparison of the index along X with what is uniform, the index on its left; without a limit if it is another.</summary>
    private (Comparison Comparison, Node? Limit) Place(CompareNode compare)
    {
        if (IsX(compare.Left) && plan.Of(compare.Right).IsUniform)
        {
            return (compare.Comparison, compare.Right);
        }

        return IsX(compare.Right) && plan.Of(compare.Left).IsUniform
            ? (compare.Comparison switch
            {
                Comparison.Less => Comparison.Greater,
                Comparison.LessOrEqual => Comparison.GreaterOrEqual,
                Comparison.Greater => Comparison.Less,
                Comparison.GreaterOrEqual => Comparison.LessOrEqual,
                var symmetric => symmetric,
            }, compare.Left)
            : default;
    }

    /// <summary>Whether a value is what the code counts along X: the index of the item, in a group that within the group.</summary>
    private bool IsX(Node node) => node is IndexNode { Axis: 0 } index && index.Kind == (IsGrouped ? IndexKind.Local : IndexKind.Global);

    private void PushPlaceBits(Node condition)
    {
        switch (condition)
        {
            case not null when plan.Of(condition).IsUniform:
                PushScalar(condition);
                il.Emit(OpCodes.Conv_I8);
                il.Emit(OpCodes.Neg);
                break;
            case UnaryNode not:
                PushPlaceBits(not.Value);
                il.Emit(OpCodes.Not);
                break;
            case BinaryNode both:
                PushPlaceBits(both.Left);
                PushPlaceBits(both.Right);
                il.Emit(both.Operation == BinaryOperation.And ? OpCodes.And : OpCodes.Or);
                break;
            case CompareNode compare:
                var (comparison, limit) = Place(compare);
                PushIndex(limit!);
                il.Emit(OpCodes.Ldloc, x);
                il.Emit(OpCodes.Sub);
                if (comparison is Comparison.LessOrEqual or Comparison.Greater)
                {
                    il.Emit(OpCodes.Ldc_I8, 1L);
                    il.Emit(OpCodes.Add);
                }

                Helper(comparison is Comparison.Equal or Comparison.NotEqual ? nameof(GridHelpers.BitAt) : nameof(GridHelpers.BitsBelow));
                if (comparison is Comparison.NotEqual or Comparison.Greater or Comparison.GreaterOrEqual)
                {
                    il.Emit(OpCodes.Not);
                }

                break;
        }
    }
}
