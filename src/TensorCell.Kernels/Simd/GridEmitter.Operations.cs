using System.Reflection.Emit;
using TensorCell.Kernels.Ir;

namespace TensorCell.Kernels.Simd;

/// <summary>Operations on vectors, and integer divisions, which may fail.</summary>
internal sealed unsafe partial class GridEmitter
{
    private void EmitOperation(Node node, int copy)
    {
        var type = plan.TypeOf(node);
        switch (node)
        {
            case UnaryNode unary:
                PushVector(unary.Value, copy);
                operations.Apply(new(Lowering.CodeOf(unary.Operation, unary.Type), type), type);
                break;
            case BinaryNode binary:
                EmitBinary(binary, type, copy);
                break;
            case CompareNode compare:
                PushEither(compare.Left, copy, type.Size);
                PushEither(compare.Right, copy, type.Size);
                operations.Apply(
                    new(VectorCode.Equal + (compare.Comparison - Comparison.Equal), type),
                    compare.Left.Type == DType.Bool ? type : LaneTypes.Of(compare.Left.Type));
                break;
            case SelectNode select when Choice.Of(select) is { } choice:
                PushVector(choice.Left, copy);
                PushVector(choice.Right, copy);
                operations.Apply(new(choice.Code, type), type);
                break;
            case SelectNode select:
                PushMask(select.Condition, copy, type.Size);
                operations.Reinterpret(LaneTypes.Mask(type.Size), type);
                PushEither(select.WhenTrue, copy, type.Size);
                PushEither(select.WhenFalse, copy, type.Size);
                operations.Apply(new(VectorCode.Select, type), type);
                break;
            case FusedMultiplyAddNode fused:
                // The instruction overwrites an operand, by preference the first: one that is still to be read has to be copied.
                var (first, second) = IsKept(fused.Left) && !IsKept(fused.Right) ? (fused.Right, fused.Left) : (fused.Left, fused.Right);
                PushVector(first, copy);
                PushVector(second, copy);
                PushVector(fused.Addend, copy);
                operations.Apply(new(VectorCode.FusedMultiplyAdd, type), type);
                break;
            case ConvertNode convert:
                EmitConvert(convert, type, copy);
                break;
            case BitCastNode cast:
                PushVector(cast.Value, copy);
                operations.Reinterpret(plan.TypeOf(cast.Value), type);
                break;
            default:
                throw Throw.OperationUndefined(node.GetType().Name, node.Type);
        }
    }

    private void PushEither(Node node, int copy, int size)
    {
        if (node.Type == DType.Bool)
        {
            PushMask(node, copy, size);
        }
        else
        {
            PushVector(node, copy);
        }
    }

    private void EmitBinary(BinaryNode node, LaneType type, int copy)
    {
        PushEither(node.Left, copy, type.Size);
        if (Lowering.ByConstant(node) is { } by)
        {
            operations.Apply(by, type);
            return;
        }

        if (node.IsIntegerDivision)
        {
            EmitDivisor(node.Right, type, copy);
        }
        else
        {
            PushEither(node.Right, copy, type.Size);
        }

        operations.Apply(new(VectorCode.Add + (node.Operation - BinaryOperation.Add), type), type);
    }

    /// <summary>Pushes a divisor, with 1 in place of 0: lanes that are not active may have anything.</summary>
    private void EmitDivisor(Node divisor, LaneType type, int copy)
    {
        if (divisor is ConstantNode)
        {
            PushVector(divisor, copy);
            return;
        }

        PushVector(divisor, copy);
        PushConstant(type, 0);
        operations.Apply(new(VectorCode.Equal, LaneTypes.Mask(type.Size)), type);
        operations.Reinterpret(LaneTypes.Mask(type.Size), type);
        PushConstant(type, 1);
        PushVector(divisor, copy);
        operations.Apply(new(VectorCode.Select, type), type);
    }

    private void EmitConvert(ConvertNode node, LaneType type, int copy)
    {
        if (node.Type == DType.Bool)
        {
            var from = LaneTypes.Of(node.Value.Type);
            PushVector(node.Value, copy);
            PushConstant(from, 0);
            operations.Apply(new(VectorCode.NotEqual, type), from);
        }
        else if (node.Value.Type == DType.Bool)
        {
            // A mask's bits select those of the number 1.
            var mask = LaneTypes.Mask(type.Size);
            PushMask(node.Value, copy, type.Size);
            PushConstant(mask, Scalar.From(node.Type, 1).Bits);
            operations.Apply(new(VectorCode.And, mask), mask);
            operations.Reinterpret(mask, type);
        }
        else
        {
            PushVector(node.Value, copy);
            operations.Apply(new(VectorCode.Convert, type), LaneTypes.Of(node.Value.Type));
        }
    }

    private void EmitLet(LetStatement let)
    {
        var value = Define(let.Result);
        var divisor = let.Value.Right;
        if (plan.Of(let.Result).IsUniform)
        {
            PushScalar(let.Value.Left);
            PushScalar(divisor);
            scalars.Apply(let.Value);
            StoreScalar(let.Result);
            return;
        }

        var type = plan.TypeOf(let.Value);
        if (type == LaneType.Int32 && divisor is not ConstantNode && plan.Of(divisor).IsUniform)
        {
            EmitDivisionByOne(let, value);
            return;
        }

        if (divisor is not ConstantNode { Value.Bits: not 0 })
        {
            var zero = il.DefineLabel();
            for (var copy = 0; copy < copies; copy++)
            {
                PushVector(divisor, copy);
                PushConstant(type, 0);
                operations.Apply(new(VectorCode.Equal, LaneTypes.Mask(type.Size)), type);
                operations.MaskBits(LaneTypes.Mask(type.Size));
                PushActive(copy);
                il.Emit(OpCodes.And);
                il.Emit(OpCodes.Ldc_I8, 0L);
                il.Emit(OpCodes.Bne_Un, zero);
            }

            FailAt(zero);
        }

        AddOperations(lanes);
        for (var copy = 0; copy < copies; copy++)
        {
            EmitBinary(let.Value, type, copy);
            StoreVector(value, copy);
        }
    }

    /// <summary>Divides by a number that is the same for all items: one test for zero and one reciprocal serve them all.</summary>
    private void EmitDivisionByOne(LetStatement let, GridValue value)
    {
        var operation = let.Value.Operation;
        var isUnsigned = operation is BinaryOperation.DivideUnsigned or BinaryOperation.RemainderUnsigned;
        var (zero, found) = (il.DefineLabel(), il.DefineLabel());
        var (by, reciprocal) = (il.DeclareLocal(typeof(int)), il.DeclareLocal(typeof(double)));
        PushScalar(let.Value.Right);
        il.Emit(OpCodes.Stloc, by);
        il.Emit(OpCodes.Ldloc, by);
        il.Emit(OpCodes.Brtrue, found);
        PushActive();
        il.Emit(OpCodes.Ldc_I8, 0L);
        il.Emit(OpCodes.Bne_Un, zero);
        il.MarkLabel(found);
        FailAt(zero);
        il.Emit(OpCodes.Ldloc, by);
        Helper(isUnsigned ? nameof(GridHelpers.ReciprocalUnsigned) : nameof(GridHelpers.Reciprocal));
        il.Emit(OpCodes.Stloc, reciprocal);
        AddOperations(lanes);
        for (var copy = 0; copy < copies; copy++)
        {
            PushVector(let.Value.Left, copy);
            il.Emit(OpCodes.Ldloc, reciprocal);
            il.Emit(OpCodes.Ldloc, by);
            operations.DivideBy(
                operation switch
                {
                    BinaryOperation.Divide => VectorCode.DivideBy,
                    BinaryOperation.Remainder => VectorCode.RemainderBy,
                    BinaryOperation.DivideUnsigned => VectorCode.DivideUnsignedBy,
                    _ => VectorCode.RemainderUnsignedBy,
                },
                LaneType.Int32);
            StoreVector(value, copy);
        }
    }

    private void FailAt(Label zero) => Later(() =>
    {
        il.MarkLabel(zero);
        Helper(nameof(GridHelpers.DivideByZero));
        il.Emit(OpCodes.Throw);
    });
}
