namespace TensorCell.Kernels.Tests.Ptx;

/// <summary>Checks instructions against the declarations of their entry: opcodes, modifiers, number and types of operands, state spaces.</summary>
internal sealed class PtxChecker(PtxEntry entry)
{
    /// <summary>The instruction as something that runs.</summary>
    public PtxStep Check(PtxInstruction instruction)
    {
        var step = CheckBody(instruction);
        if (instruction.Guard is not { } guard)
        {
            return step;
        }

        var source = Source(instruction, new PtxOperand.Register(guard), PtxType.Predicate);
        var wanted = instruction.IsGuardNegated ? 0ul : 1;
        return step with { Guard = lane => source(lane) == wanted };
    }

    /// <summary>Reads an operand that serves as the given type.</summary>
    public Func<PtxLane, ulong> Source(PtxInstruction instruction, PtxOperand operand, PtxType type, bool mayBeWider = false)
    {
        switch (operand)
        {
            case PtxOperand.Register register when entry.Registers.TryGetValue(register.Name, out var declared):
                Require(
                    instruction,
                    mayBeWider ? type.AcceptsWider(declared.Type) : type.Accepts(declared.Type),
                    $"{register.Name} is {declared.Type}, {instruction.Name} takes {type} there");
                return lane => lane.IsDefined[declared.Index]
                    ? lane.Values[declared.Index] & type.Mask
                    : throw new PtxException(instruction.Line, $"{register.Name} is read before it was written");
            case PtxOperand.Register register:
                throw new PtxException(instruction.Line, $"{register.Name} is not declared, or may not stand there");
            case PtxOperand.Integer integer:
                Require(instruction, type.Kind != 'f', $"integer {integer.Value} as {type}");
                Require(
                    instruction,
                    type.Bits == 64 || (integer.Value >= -(1L << (type.Bits - 1)) && integer.Value < 1L << type.Bits),
                    $"{integer.Value} does not fit {type}");
                return _ => (ulong)integer.Value & type.Mask;
            case PtxOperand.Real real:
                Require(instruction, type == new PtxType('f', real.Width), $"number of {real.Width} bits as {type}");
                return _ => real.Bits;
            default:
                throw new PtxException(instruction.Line, $"{operand} as an operand of {instruction.Name}");
        }
    }

    /// <summary>Writes a register from a value of the given type.</summary>
    public Action<PtxLane, ulong> Target(PtxInstruction instruction, PtxOperand operand, PtxType type, bool mayBeWider = false)
    {
        Require(instruction, operand is PtxOperand.Register, $"{operand} as the destination of {instruction.Name}");
        var name = ((PtxOperand.Register)operand).Name;
        Require(instruction, entry.Registers.TryGetValue(name, out var declared), $"{name} is not declared");
        Require(
            instruction,
            mayBeWider ? type.AcceptsWider(declared.Type) : type.Accepts(declared.Type),
            $"{name} is {declared.Type}, {instruction.Name} gives {type}");
        var isExtended = type.Kind == 's' && declared.Type.Bits > type.Bits;
        return (lane, value) =>
        {
            value &= type.Mask;
            lane.Values[declared.Index] = isExtended ? (ulong)PtxInstructionSet.Signed(type, value) & declared.Type.Mask : value;
            lane.IsDefined[declared.Index] = true;
        };
    }

    /// <summary>Refuses an instruction where something does not hold.</summary>
    public static void Require(PtxInstruction instruction, bool holds, string problem)
    {
        if (!holds)
        {
            throw new PtxException(instruction.Line, problem);
        }
    }

    /// <summary>Refuses an instruction with another number of operands.</summary>
    public static void RequireCount(PtxInstruction instruction, int count) => Require(
        instruction, instruction.Operands.Count == count, $"{instruction.Name} takes {count} operands, not {instruction.Operands.Count}");

    private PtxStep CheckBody(PtxInstruction instruction)
    {
        var operands = instruction.Operands;
        switch (instruction.Name)
        {
            case "ret":
                RequireCount(instruction, 0);
                return new(PtxStepKind.Return);
            case "exit":
                RequireCount(instruction, 0);
                return new(PtxStepKind.Exit);
            case "bra":
                RequireCount(instruction, 1);
                Require(
                    instruction,
                    operands[0] is PtxOperand.Symbol label && entry.Labels.ContainsKey(label.Name),
                    $"there is no label {operands[0]}");
                return new(PtxStepKind.Branch, Target: entry.Labels[((PtxOperand.Symbol)operands[0]).Name]);
            case "bar.sync":
                RequireCount(instruction, 1);
                Require(instruction, operands[0] is PtxOperand.Integer { Value: >= 0 and < 16 }, "bar.sync takes a barrier from 0 to 15");
                return new(PtxStepKind.Barrier);
            case "shfl.sync.down.b32":
                RequireCount(instruction, 5);
                var word = new PtxType('b', 32);
                return new(
                    PtxStepKind.Shuffle,
                    Sources: [.. operands.Skip(1).Select(operand => Source(instruction, operand, word))],
                    Write: Target(instruction, operands[0], word));
            default:
                return new(PtxStepKind.Plain, CheckMove(instruction) ?? new PtxAccess(this, entry, instruction).Check() ?? CheckOperation(instruction));
        }
    }

    /// <summary>Moves that read something other than a register of their type.</summary>
    private Action<PtxLane>? CheckMove(PtxInstruction instruction)
    {
        if (!instruction.Name.StartsWith("mov.", StringComparison.Ordinal))
        {
            return null;
        }

        RequireCount(instruction, 2);
        var (whole, half) = (new PtxType('b', 64), new PtxType('b', 32));
        switch (instruction.Name, instruction.Operands[0], instruction.Operands[1])
        {
            case ("mov.u32", _, PtxOperand.Register special):
                var read = Special(special.Name);
                Require(instruction, read is not null, $"{special.Name} is no special register");
                var target = Target(instruction, instruction.Operands[0], new('u', 32));
                return lane => target(lane, (ulong)read!(lane));
            case ("mov.u64", _, PtxOperand.Symbol variable):
                Require(instruction, entry.Shared.TryGetValue(variable.Name, out var shared), $"there is no variable {variable.Name}");
                var address = Target(instruction, instruction.Operands[0], new('u', 64));
                return lane => address(lane, PtxAccess.SharedWindow + (ulong)shared.Offset);
            case ("mov.b64", PtxOperand.Pair pair, _):
                var source = Source(instruction, instruction.Operands[1], whole);
                var (low, high) = (Target(instruction, new PtxOperand.Register(pair.Low), half), Target(instruction, new PtxOperand.Register(pair.High), half));
                return lane =>
                {
                    var value = source(lane);
                    low(lane, value);
                    high(lane, value >> 32);
                };
            case ("mov.b64", _, PtxOperand.Pair pair):
                var joined = Target(instruction, instruction.Operands[0], whole);
                var (first, second) = (Source(instruction, new PtxOperand.Register(pair.Low), half), Source(instruction, new PtxOperand.Register(pair.High), half));
                return lane => joined(lane, first(lane) | (second(lane) << 32));
            default:
                return null;
        }
    }

    private Action<PtxLane> CheckOperation(PtxInstruction instruction)
    {
        Require(instruction, PtxInstructionSet.Operations.TryGetValue(instruction.Name, out var operation), $"unknown instruction {instruction.Name}");
        RequireCount(instruction, operation!.Sources.Length + 1);
        var target = Target(instruction, instruction.Operands[0], operation.Result);
        var sources = operation.Sources.Select((type, i) => Source(instruction, instruction.Operands[i + 1], type)).ToArray();
        return lane =>
        {
            var first = sources[0](lane);
            var second = sources.Length > 1 ? sources[1](lane) : 0;
            try
            {
                target(lane, operation.Apply(first, second, sources.Length > 2 ? sources[2](lane) : 0));
            }
            catch (InvalidOperationException open)
            {
                throw new PtxException(instruction.Line, open.Message);
            }
        };
    }

    private static Func<PtxLane, int>? Special(string name)
    {
        var axis = name.Length > 2 && name[^2] == '.' ? "xyz".IndexOf(name[^1], StringComparison.Ordinal) : -1;
        return axis < 0 ? null : name[..^2] switch
        {
            "%tid" => lane => lane.Index[axis],
            "%ntid" => lane => lane.Block.Size[axis],
            "%ctaid" => lane => lane.Block.Index[axis],
            "%nctaid" => lane => lane.Block.Count[axis],
            _ => null,
        };
    }
}
