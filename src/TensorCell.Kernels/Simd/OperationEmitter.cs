using System.Numerics;
using System.Reflection.Emit;
using System.Runtime.Intrinsics.X86;
using TensorCell.Kernels.Ir;

namespace TensorCell.Kernels.Simd;

/// <summary>Emits the IL of single vector operations on what lies on the evaluation stack.</summary>
internal sealed class OperationEmitter(ILGenerator il, int lanes)
{
    /// <summary>The vector type that holds lanes of a type.</summary>
    public Type VectorOf(LaneType type) => VectorOf(type, lanes);

    /// <summary>The vector type that holds a number of lanes of a type.</summary>
    public Type VectorOf(LaneType type, int count) => VectorMethods.VectorType(count * type.Size * 8, type.Element);

    /// <summary>Replaces a vector of f32 by one of its halves, the first or the second, as f64.</summary>
    public void WidenHalf(int half)
    {
        if (lanes == 4)
        {
            Call(half == 0 ? "WidenLower" : "WidenUpper", LaneType.Float32);
            return;
        }

        Call(half == 0 ? "GetLower" : "GetUpper", LaneType.Float32);
        Helper("ToDouble", VectorOf(LaneType.Float32, lanes / 2));
    }

    /// <summary>Adds vectors of so many f64.</summary>
    public void AddWide(int count) => il.Emit(OpCodes.Call, VectorMethods.Operation(count * sizeof(double) * 8, "Add", typeof(double)));

    public void Load(LaneType type)
    {
        il.Emit(OpCodes.Unaligned, (byte)1);
        il.Emit(OpCodes.Ldobj, VectorOf(type));
    }

    public void LoadBroadcast(LaneType type)
    {
        il.Emit(OpCodes.Unaligned, (byte)1);
        il.Emit(OpCodes.Ldobj, type.Element);
        Call("Create", type);
    }

    /// <summary>Spreads the value on the stack over all lanes.</summary>
    public void Broadcast(LaneType type) => Call("Create", type);

    /// <summary>Replaces a vector by its first lane.</summary>
    public void FirstLane(LaneType type) => Call("ToScalar", type);

    /// <summary>Pushes lanes of i32 or i64 that grow by a step.</summary>
    public void Sequence(LaneType type, long first, long step)
    {
        for (var lane = 0; lane < lanes; lane++)
        {
            if (type.Size == sizeof(long))
            {
                il.Emit(OpCodes.Ldc_I8, first + (lane * step));
            }
            else
            {
                il.Emit(OpCodes.Ldc_I4, (int)(first + (lane * step)));
            }
        }

        il.Emit(OpCodes.Call, VectorMethods.LaneByLane(Bits(type), type.Element));
    }

    /// <summary>Replaces a mask by an i64 with a bit for each lane.</summary>
    public void MaskBits(LaneType type)
    {
        Call("ExtractMostSignificantBits", type);
        il.Emit(OpCodes.Conv_U8);
        if (lanes < 8 && Avx512F.VL.IsSupported)
        {
            // There the runtime inverts a mask with the whole byte that holds it, and gives the bits beyond its lanes, too.
            il.Emit(OpCodes.Ldc_I8, (1L << lanes) - 1);
            il.Emit(OpCodes.And);
        }
    }

    /// <summary>Replaces an i64 with a bit for each lane by a mask.</summary>
    public void MaskFromBits(LaneType type) => Helper($"MaskFromBits{lanes}x{type.Size * 8}", typeof(long));

    /// <summary>Replaces an address and the mask that says which lanes by the elements of those lanes.</summary>
    public void LoadWhere(LaneType type)
    {
        var mask = LaneTypes.Mask(type.Size);
        Helper("LoadWhere", typeof(byte*), VectorOf(mask));
        Reinterpret(mask, type);
    }

    /// <summary>Stores lanes to the address below them and the mask that says which.</summary>
    public void StoreWhere(LaneType type)
    {
        var mask = LaneTypes.Mask(type.Size);
        Reinterpret(type, mask);
        Helper("StoreWhere", typeof(byte*), VectorOf(mask));
    }

    /// <summary>Replaces an address by the elements there, one for each lane, in the lanes that they are computed in.</summary>
    public void Load(StorageType storage, LaneType type)
    {
        if (storage == StorageType.Bool)
        {
            LoadMask(type, broadcast: false);
        }
        else if (storage.Size == type.Size)
        {
            Load(type);
        }
        else
        {
            Helper($"Load{storage}x{lanes}", typeof(byte*));
        }
    }

    /// <summary>Stores lanes to the address below them as elements.</summary>
    public void Store(StorageType storage, LaneType type)
    {
        if (storage == StorageType.Bool)
        {
            StoreMask(type);
        }
        else if (storage.Size == type.Size)
        {
            Store(type);
        }
        else
        {
            Helper("Store" + storage, typeof(byte*), VectorOf(type));
        }
    }

    public void LoadMask(LaneType type, bool broadcast) =>
        Helper($"{(broadcast ? "Broadcast" : "Load")}Mask{lanes}x{type.Size * 8}", typeof(byte*));

    public void Store(LaneType type)
    {
        il.Emit(OpCodes.Unaligned, (byte)1);
        il.Emit(OpCodes.Stobj, VectorOf(type));
    }

    public void StoreStreaming(LaneType type) => Call("StoreAlignedNonTemporal", type);

    /// <summary>Stores lanes as halves, past the caches, to the aligned address below them.</summary>
    public void StoreStreaming(StorageType storage, LaneType type) => Helper("Stream" + storage, typeof(byte*), VectorOf(type));

    public void StoreMask(LaneType type) => Helper("StoreMask", typeof(byte*), VectorOf(type));

    /// <summary>Replaces operands of type <paramref name="operand"/> by the instruction's result.</summary>
    public void Apply(in Instruction instruction, LaneType operand)
    {
        var type = instruction.Type;
        switch (instruction.Code)
        {
            case VectorCode.Not:
                Call("OnesComplement", type);
                break;
            case VectorCode.Round:
            case VectorCode.Negate:
            case VectorCode.Abs:
            case VectorCode.Sqrt:
            case VectorCode.Floor:
            case VectorCode.Ceiling:
            case VectorCode.Truncate:
            case VectorCode.Add:
            case VectorCode.Subtract:
            case VectorCode.Multiply:
            case VectorCode.Min:
            case VectorCode.Max:
            case VectorCode.MinNative:
            case VectorCode.MaxNative:
            case VectorCode.FusedMultiplyAdd:
                Call(instruction.Code.ToString(), type);
                break;
            case VectorCode.Divide when type is LaneType.Float32 or LaneType.Float64:
                Call("Divide", type);
                break;
            case VectorCode.And:
                Call("BitwiseAnd", type);
                break;
            case VectorCode.Or:
                Call("BitwiseOr", type);
                break;
            case VectorCode.Xor:
                Call("Xor", type);
                break;
            case VectorCode.PopCount:
            case VectorCode.LeadingZeroCount:
            case VectorCode.RoundToFloat16:
            case VectorCode.RoundToBFloat16:
                Helper(instruction.Code.ToString(), VectorOf(type));
                break;
            case VectorCode.Divide:
            case VectorCode.Remainder:
            case VectorCode.DivideUnsigned:
            case VectorCode.RemainderUnsigned:
            case VectorCode.SinOfHuge:
            case VectorCode.CosOfHuge:
            case VectorCode.TanOfHuge:
            case VectorCode.ShiftLeft:
            case VectorCode.ShiftRight:
            case VectorCode.ShiftRightLogical:
                Helper(instruction.Code.ToString(), VectorOf(type), VectorOf(type));
                break;
            case VectorCode.ShiftLeftBy:
                CallShift("ShiftLeft", instruction);
                break;
            case VectorCode.ShiftRightBy:
                CallShift("ShiftRightArithmetic", instruction);
                break;
            case VectorCode.ShiftRightLogicalBy:
                CallShift("ShiftRightLogical", instruction);
                break;
            case VectorCode.DivideBy:
            case VectorCode.RemainderBy:
            case VectorCode.DivideUnsignedBy:
            case VectorCode.RemainderUnsignedBy:
                DivideBy(instruction);
                break;
            case VectorCode.Select:
                // The condition, below the two values, is pushed as a vector of their type.
                Call("ConditionalSelect", type);
                break;
            case VectorCode.Convert:
                Helper("To" + Target(type), VectorOf(operand));
                break;
            case VectorCode.Reinterpret:
                Reinterpret(operand, type);
                break;
            default:
                Compare(instruction.Code, operand, type);
                break;
        }
    }

    /// <summary>Makes the vector on the stack one of other elements of the same size.</summary>
    public void Reinterpret(LaneType from, LaneType to)
    {
        if (from.Element != to.Element)
        {
            il.Emit(OpCodes.Call, VectorMethods.Reinterpretation(Bits(to), from.Element, to.Element));
        }
    }

    private static string Target(LaneType type) => type switch
    {
        LaneType.Float32 => "Single",
        LaneType.Float64 => "Double",
        LaneType.Int64 or LaneType.Mask64 => "Int64",
        _ => "Int32",
    };

    private void Compare(VectorCode code, LaneType operand, LaneType mask)
    {
        Call(
            code switch
            {
                VectorCode.Less => "LessThan",
                VectorCode.LessOrEqual => "LessThanOrEqual",
                VectorCode.Greater => "GreaterThan",
                VectorCode.GreaterOrEqual => "GreaterThanOrEqual",
                _ => "Equals",
            },
            operand);
        if (code == VectorCode.NotEqual)
        {
            Call("OnesComplement", operand);
        }

        Reinterpret(operand, mask);
    }

    private void CallShift(string name, in Instruction instruction)
    {
        il.Emit(OpCodes.Ldc_I4, (int)instruction.Immediate);
        Call(name, instruction.Type);
    }

    private void DivideBy(in Instruction instruction)
    {
        var isUnsigned = instruction.Code is VectorCode.DivideUnsignedBy or VectorCode.RemainderUnsignedBy;
        var isQuotient = instruction.Code is VectorCode.DivideBy or VectorCode.DivideUnsignedBy;
        var divisor = isUnsigned ? (uint)instruction.Immediate : instruction.Immediate;
        var magnitude = (ulong)Math.Abs(divisor);
        if (!isUnsigned && BitOperations.IsPow2(magnitude))
        {
            il.Emit(OpCodes.Ldc_I4, BitOperations.Log2(magnitude));
            Helper(isQuotient ? "DivideByPower" : "RemainderByPower", VectorOf(instruction.Type));
            if (isQuotient && divisor < 0)
            {
                Call("Negate", instruction.Type);
            }

            return;
        }

        var magic = isUnsigned ? Magic.Unsigned((uint)magnitude) : Magic.Signed((uint)magnitude);
        il.Emit(OpCodes.Ldc_I4, magic.Multiplier);
        il.Emit(magic.IsWide ? OpCodes.Ldc_I4_1 : OpCodes.Ldc_I4_0);
        il.Emit(OpCodes.Ldc_I4, magic.Shift);
        if (!isQuotient)
        {
            il.Emit(OpCodes.Ldc_I4, (int)magnitude);
        }

        Helper($"{(isQuotient ? "Divide" : "Remainder")}{(isUnsigned ? "Unsigned" : "")}ByMagic", VectorOf(instruction.Type));
        if (isQuotient && divisor < 0)
        {
            Call("Negate", instruction.Type);
        }
    }

    /// <summary>Replaces a vector of 32-bit integers, a divisor's <see cref="GridHelpers.Reciprocal"/> and the divisor by quotients or remainders.</summary>
    public void DivideBy(VectorCode code, LaneType type) => Helper(code.ToString(), VectorOf(type), typeof(double));

    private void Call(string name, LaneType type) =>
        il.Emit(OpCodes.Call, VectorMethods.Operation(Bits(type), name, type.Element));

    private void Helper(string name, Type first, Type? second = null) =>
        il.Emit(OpCodes.Call, VectorMethods.Helper(name, first, second));

    private int Bits(LaneType type) => lanes * type.Size * 8;
}
