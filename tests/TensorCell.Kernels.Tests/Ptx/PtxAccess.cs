namespace TensorCell.Kernels.Tests.Ptx;

/// <summary>Loads, stores and atomics: their state spaces, and whether an address is aligned and lies within what was allocated.</summary>
internal sealed unsafe class PtxAccess(PtxChecker checker, PtxEntry entry, PtxInstruction instruction)
{
    /// <summary>Where shared memory begins, so that its addresses are none of global memory.</summary>
    public const ulong SharedWindow = 0x10000;

    private static readonly HashSet<string> memoryTypes = ["u8", "s8", "u16", "s16", "b16", "b32", "b64", "u32", "u64", "f32", "f64"];

    /// <summary>What the instruction does, or null if it touches no memory.</summary>
    public Action<PtxLane>? Check()
    {
        var parts = instruction.Name.Split('.');
        return parts switch
        {
            ["ld", "param", var type] when memoryTypes.Contains(type) => LoadParameter(PtxType.Parse(type)!.Value),
            ["ld", ("global" or "shared") and var space, var type] when memoryTypes.Contains(type) => Load(space, PtxType.Parse(type)!.Value),
            ["st", ("global" or "shared") and var space, var type] when memoryTypes.Contains(type) => Store(space, PtxType.Parse(type)!.Value),
            ["atom", ("global" or "shared") and var space, var operation, var type] => Atomic(space, operation, type),
            _ => null,
        };
    }

    private Action<PtxLane> LoadParameter(PtxType type)
    {
        PtxChecker.RequireCount(instruction, 2);
        var place = instruction.Operands[1] as PtxOperand.Address;
        var parameter = entry.Parameters.Find(candidate => candidate.Name == place?.Base);
        PtxChecker.Require(instruction, parameter.Name is not null && place!.Offset == 0, $"{instruction.Operands[1]} is no parameter");
        PtxChecker.Require(instruction, type.Size == parameter.Type.Size, $"{parameter.Name} is {parameter.Type}, loaded as {type}");
        var target = checker.Target(instruction, instruction.Operands[0], type, mayBeWider: true);
        return lane => target(lane, Read(lane.Block.Parameters, parameter.Offset, type.Size));
    }

    private Action<PtxLane> Load(string space, PtxType type)
    {
        PtxChecker.RequireCount(instruction, 2);
        var at = Address(instruction.Operands[1]);
        var target = checker.Target(instruction, instruction.Operands[0], type, mayBeWider: true);
        return lane => target(lane, Read(Place(lane, space, at(lane), type.Size), type.Size));
    }

    private Action<PtxLane> Store(string space, PtxType type)
    {
        PtxChecker.RequireCount(instruction, 2);
        var at = Address(instruction.Operands[0]);
        var source = checker.Source(instruction, instruction.Operands[1], type, mayBeWider: true);
        return lane => Write(Place(lane, space, at(lane), type.Size), type.Size, source(lane));
    }

    private Action<PtxLane> Atomic(string space, string operation, string typeName)
    {
        var type = PtxType.Parse(typeName);
        PtxChecker.Require(
            instruction,
            (operation, typeName) is ("add", "u32" or "u64" or "f32" or "f64") or ("min" or "max", "s32" or "s64" or "u32" or "u64")
                or ("and" or "or" or "xor" or "exch" or "cas", "b32" or "b64"),
            $"unknown instruction {instruction.Name}");
        PtxChecker.RequireCount(instruction, operation == "cas" ? 4 : 3);
        var wanted = type!.Value;
        var target = checker.Target(instruction, instruction.Operands[0], wanted);
        var at = Address(instruction.Operands[1]);
        var sources = instruction.Operands.Skip(2).Select(operand => checker.Source(instruction, operand, wanted)).ToArray();
        return lane =>
        {
            var place = Place(lane, space, at(lane), wanted.Size);
            var old = Read(place, wanted.Size);
            var value = sources[0](lane);
            var changed = operation switch
            {
                "add" when wanted.Kind == 'f' => AddReal(wanted, old, value, flushes: space == "global"),
                "add" => old + value,
                "min" or "max" => (operation == "min") == IsLess(wanted, old, value) ? old : value,
                "and" => old & value,
                "or" => old | value,
                "xor" => old ^ value,
                "exch" => value,
                _ => old == value ? sources[1](lane) : old,
            };
            Write(place, wanted.Size, changed);
            target(lane, old);
        };
    }

    /// <summary>In global memory hardware adds f32 with subnormal numbers taken for zero.</summary>
    private static ulong AddReal(PtxType type, ulong left, ulong right, bool flushes)
    {
        if (type.Bits == 64)
        {
            return PtxInstructionSet.Bits(PtxInstructionSet.Double(left) + PtxInstructionSet.Double(right));
        }

        float Flushed(float value) => flushes && float.IsSubnormal(value) ? MathF.CopySign(0, value) : value;
        return PtxInstructionSet.Bits(Flushed(Flushed(PtxInstructionSet.Single(left)) + Flushed(PtxInstructionSet.Single(right))));
    }

    private static bool IsLess(PtxType type, ulong left, ulong right) => type.Kind == 's'
        ? PtxInstructionSet.Signed(type, left) < PtxInstructionSet.Signed(type, right)
        : left < right;

    private Func<PtxLane, ulong> Address(PtxOperand operand)
    {
        PtxChecker.Require(instruction, operand is PtxOperand.Address, $"{operand} as an address");
        var place = (PtxOperand.Address)operand;
        var source = checker.Source(instruction, new PtxOperand.Register(place.Base), new('u', 64));
        return lane => source(lane) + (ulong)place.Offset;
    }

    private byte* Place(PtxLane lane, string space, ulong address, int size)
    {
        if (space == "global")
        {
            PtxChecker.Require(instruction, lane.Block.Memory.Problem(address, size, size) is not { } problem || Refuse(problem), "");
            return (byte*)address;
        }

        PtxChecker.Require(instruction, address % (ulong)size == 0, $"misaligned access of {size} bytes at {address:x} of shared memory");
        var offset = (long)(address - SharedWindow);
        PtxChecker.Require(
            instruction,
            entry.Shared.Values.Any(variable => offset >= variable.Offset && offset + size <= variable.Offset + variable.Length),
            $"access of {size} bytes at {offset} of shared memory, out of bounds of all variables");
        return (byte*)System.Runtime.CompilerServices.Unsafe.AsPointer(ref lane.Block.Shared[offset]);
    }

    private bool Refuse(string problem) => throw new PtxException(instruction.Line, problem);

    private static ulong Read(byte[] bytes, int offset, int size)
    {
        fixed (byte* start = bytes)
        {
            return Read(start + offset, size);
        }
    }

    private static ulong Read(byte* place, int size) => size switch
    {
        1 => *place,
        2 => *(ushort*)place,
        4 => *(uint*)place,
        _ => *(ulong*)place,
    };

    private static void Write(byte* place, int size, ulong value)
    {
        switch (size)
        {
            case 1:
                *place = (byte)value;
                break;
            case 2:
                *(ushort*)place = (ushort)value;
                break;
            case 4:
                *(uint*)place = (uint)value;
                break;
            default:
                *(ulong*)place = value;
                break;
        }
    }
}
