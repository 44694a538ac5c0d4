using System.Numerics;
using System.Reflection;
using System.Reflection.Emit;
using TensorCell.Kernels.Elementary;
using TensorCell.Kernels.Ir;

namespace TensorCell.Kernels.Simd;

/// <summary>Emits the IL of operations on single values on the evaluation stack, with the meaning that vectors give them. A bool is an i32, 0 or 1.</summary>
internal sealed class ScalarEmitter(ILGenerator il)
{
    /// <summary>The C# type that holds values of a dtype.</summary>
    public static Type TypeOf(DType type) => type switch
    {
        DType.Float32 => typeof(float),
        DType.Float64 => typeof(double),
        DType.Int64 => typeof(long),
        _ => typeof(int),
    };

    /// <summary>Pushes a constant.</summary>
    public void Constant(Scalar value)
    {
        switch (value.Type)
        {
            case DType.Float32:
                il.Emit(OpCodes.Ldc_R4, value.AsSingle);
                break;
            case DType.Float64:
                il.Emit(OpCodes.Ldc_R8, value.AsDouble);
                break;
            case DType.Int64:
                il.Emit(OpCodes.Ldc_I8, value.Bits);
                break;
            default:
                il.Emit(OpCodes.Ldc_I4, (int)value.Bits);
                break;
        }
    }

    /// <summary>Replaces the address on the stack by the element there.</summary>
    public void Load(StorageType storage)
    {
        if (storage is StorageType.Float16 or StorageType.BFloat16)
        {
            Helper("Load" + storage, typeof(byte*));
            return;
        }

        if (storage.Size > 1)
        {
            il.Emit(OpCodes.Unaligned, (byte)1);
        }

        switch (storage)
        {
            case StorageType.Bool or StorageType.UInt8:
                il.Emit(OpCodes.Ldind_U1);
                break;
            case StorageType.Int8:
                il.Emit(OpCodes.Ldind_I1);
                break;
            case StorageType.Int16:
                il.Emit(OpCodes.Ldind_I2);
                break;
            case StorageType.UInt16:
                il.Emit(OpCodes.Ldind_U2);
                break;
            case StorageType.Int32 or StorageType.UInt32:
                il.Emit(OpCodes.Ldind_I4);
                break;
            case StorageType.Int64 or StorageType.UInt64:
                il.Emit(OpCodes.Ldind_I8);
                break;
            case StorageType.Float32:
                il.Emit(OpCodes.Ldind_R4);
                break;
            default:
                il.Emit(OpCodes.Ldind_R8);
                break;
        }
    }

    /// <summary>Stores the value on the stack to the address below it.</summary>
    public void Store(StorageType storage)
    {
        if (storage is StorageType.Float16 or StorageType.BFloat16)
        {
            Helper("Store" + storage, typeof(byte*), typeof(float));
            return;
        }

        if (storage.Size > 1)
        {
            il.Emit(OpCodes.Unaligned, (byte)1);
        }

        il.Emit(storage switch
        {
            StorageType.Bool or StorageType.Int8 or StorageType.UInt8 => OpCodes.Stind_I1,
            StorageType.Int16 or StorageType.UInt16 => OpCodes.Stind_I2,
            StorageType.Int32 or StorageType.UInt32 => OpCodes.Stind_I4,
            StorageType.Int64 or StorageType.UInt64 => OpCodes.Stind_I8,
            StorageType.Float32 => OpCodes.Stind_R4,
            _ => OpCodes.Stind_R8,
        });
    }

    /// <summary>Replaces a node's operands on the stack by its value.</summary>
    public void Apply(Node node)
    {
        switch (node)
        {
            case UnaryNode unary:
                Unary(unary.Operation, unary.Type);
                break;
            case BinaryNode binary:
                Binary(binary.Operation, binary.Type);
                break;
            case CompareNode compare:
                Compare(compare.Comparison, compare.Left.Type.IsFloatingPoint);
                break;
            case SelectNode:
                il.Emit(OpCodes.Call, choose.MakeGenericMethod(TypeOf(node.Type)));
                break;
            case FusedMultiplyAddNode:
                Math("FusedMultiplyAdd", node.Type, 3);
                break;
            case ConvertNode convert:
                Convert(convert.Value.Type, convert.Type);
                break;
            case BitCastNode cast:
                BitCast(cast.Value.Type, cast.Type);
                break;
            default:
                throw Throw.OperationUndefined(node.GetType().Name, node.Type);
        }
    }

    private static readonly MethodInfo choose = typeof(GridHelpers).GetMethod(nameof(GridHelpers.Choose))!;

    private void Unary(UnaryOperation operation, DType type)
    {
        switch (operation)
        {
            case UnaryOperation.Negate:
                il.Emit(OpCodes.Neg);
                break;
            case UnaryOperation.Abs when type.IsFloatingPoint:
                Math("Abs", type, 1);
                break;
            case UnaryOperation.Abs:
                Helper("Abs", TypeOf(type));
                break;
            case UnaryOperation.Not when type == DType.Bool:
                IsZero();
                break;
            case UnaryOperation.Not:
                il.Emit(OpCodes.Not);
                break;
            case UnaryOperation.PopCount:
            case UnaryOperation.LeadingZeroCount:
                il.Emit(OpCodes.Call, typeof(BitOperations).GetMethod(operation.ToString(), [type == DType.Int64 ? typeof(ulong) : typeof(uint)])!);
                if (type == DType.Int64)
                {
                    il.Emit(OpCodes.Conv_I8);
                }

                break;
            case UnaryOperation.RoundToFloat16 or UnaryOperation.RoundToBFloat16:
                Helper(operation.ToString(), typeof(float));
                break;
            case UnaryOperation.Sqrt or UnaryOperation.Floor or UnaryOperation.Ceiling or UnaryOperation.Truncate or UnaryOperation.Round:
                Math(operation.ToString(), type, 1);
                break;
            default:
                throw Throw.OperationUndefined($"{operation}, not expanded,", type);
        }
    }

    private void Binary(BinaryOperation operation, DType type)
    {
        var real = type.IsFloatingPoint;
        switch (operation)
        {
            case BinaryOperation.Add:
                il.Emit(OpCodes.Add);
                break;
            case BinaryOperation.Subtract:
                il.Emit(OpCodes.Sub);
                break;
            case BinaryOperation.Multiply:
                il.Emit(OpCodes.Mul);
                break;
            case BinaryOperation.Divide when real:
                il.Emit(OpCodes.Div);
                break;
            case BinaryOperation.Remainder when real:
                il.Emit(OpCodes.Rem);
                break;
            case BinaryOperation.SinOfHuge or BinaryOperation.CosOfHuge or BinaryOperation.TanOfHuge:
                il.Emit(OpCodes.Call, typeof(HugeAngle).GetMethod(operation.ToString(), [TypeOf(type), TypeOf(type)])!);
                break;
            case BinaryOperation.Divide or BinaryOperation.Remainder or BinaryOperation.DivideUnsigned or BinaryOperation.RemainderUnsigned:
                Helper(operation.ToString().Replace("Divide", "Quotient"), TypeOf(type), TypeOf(type));
                break;
            case BinaryOperation.Min or BinaryOperation.Max:
                il.Emit(OpCodes.Call, typeof(System.Math).GetMethod(operation.ToString(), [TypeOf(type), TypeOf(type)])!);
                break;
            case BinaryOperation.And:
                il.Emit(OpCodes.And);
                break;
            case BinaryOperation.Or:
                il.Emit(OpCodes.Or);
                break;
            case BinaryOperation.Xor:
                il.Emit(OpCodes.Xor);
                break;
            case BinaryOperation.ShiftLeft or BinaryOperation.ShiftRight or BinaryOperation.ShiftRightLogical:
                if (type == DType.Int64)
                {
                    il.Emit(OpCodes.Conv_I4);
                }

                il.Emit(OpCodes.Ldc_I4, (type.Size * 8) - 1);
                il.Emit(OpCodes.And);
                il.Emit(operation == BinaryOperation.ShiftLeft ? OpCodes.Shl : operation == BinaryOperation.ShiftRight ? OpCodes.Shr : OpCodes.Shr_Un);
                break;
            default:
                throw Throw.OperationUndefined($"{operation}, not expanded,", type);
        }
    }

    private void Compare(Comparison comparison, bool real)
    {
        switch (comparison)
        {
            case Comparison.Equal:
                il.Emit(OpCodes.Ceq);
                break;
            case Comparison.NotEqual:
                il.Emit(OpCodes.Ceq);
                IsZero();
                break;
            case Comparison.Less:
                il.Emit(OpCodes.Clt);
                break;
            case Comparison.Greater:
                il.Emit(OpCodes.Cgt);
                break;
            case Comparison.LessOrEqual:
                // Of floats the negated comparison must hold with a NaN.
                il.Emit(real ? OpCodes.Cgt_Un : OpCodes.Cgt);
                IsZero();
                break;
            default:
                il.Emit(real ? OpCodes.Clt_Un : OpCodes.Clt);
                IsZero();
                break;
        }
    }

    private void Convert(DType from, DType to)
    {
        switch (to)
        {
            case DType.Bool:
                Constant(new Scalar(from, 0));
                Compare(Comparison.NotEqual, from.IsFloatingPoint);
                break;
            case DType.Float32:
                il.Emit(OpCodes.Conv_R4);
                break;
            case DType.Float64:
                il.Emit(OpCodes.Conv_R8);
                break;
            case DType.Int64:
                il.Emit(OpCodes.Conv_I8);
                break;
            default:
                il.Emit(OpCodes.Conv_I4);
                break;
        }
    }

    private void BitCast(DType from, DType to) => il.Emit(OpCodes.Call, typeof(BitConverter).GetMethod(
        (from, to) switch
        {
            (DType.Float32, _) => nameof(BitConverter.SingleToInt32Bits),
            (DType.Float64, _) => nameof(BitConverter.DoubleToInt64Bits),
            (DType.Int32, _) => nameof(BitConverter.Int32BitsToSingle),
            _ => nameof(BitConverter.Int64BitsToDouble),
        },
        [TypeOf(from)])!);

    private void Math(string name, DType type, int operands)
    {
        var home = type == DType.Float32 ? typeof(MathF) : typeof(System.Math);
        il.Emit(OpCodes.Call, home.GetMethod(name, [.. Enumerable.Repeat(TypeOf(type), operands)])!);
    }

    private void Helper(string name, params Type[] parameters) => il.Emit(OpCodes.Call, typeof(GridHelpers).GetMethod(name, parameters)!);

    private void IsZero()
    {
        il.Emit(OpCodes.Ldc_I4_0);
        il.Emit(OpCodes.Ceq);
    }
}
