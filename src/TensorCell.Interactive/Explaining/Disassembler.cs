using System.Runtime.InteropServices;
using Iced.Intel;
using TensorCell.Kernels;

namespace TensorCell.Interactive.Explaining;

/// <summary>Decodes x86 machine code and finds the loop in which a kernel spends its time.</summary>
internal sealed class Disassembler : ISymbolResolver
{
    private const int OperandColumn = 14;
    private readonly List<Instruction> instructions = [];
    private readonly Dictionary<ulong, string> labels = [];
    private readonly ulong start;

    private Disassembler(MachineCode code)
    {
        start = (ulong)code.Address;
        var decoder = Decoder.Create(64, new ByteArrayCodeReader([.. code.Bytes]), start);
        while (decoder.IP < start + (ulong)code.Bytes.Length)
        {
            decoder.Decode(out var instruction);
            if (instruction.IsInvalid)
            {
                break;
            }

            instructions.Add(instruction);
        }

        var inside = instructions.Select(instruction => instruction.IP).ToHashSet();
        foreach (var target in instructions.Where(IsJump).Select(jump => jump.NearBranchTarget).Where(inside.Contains).Order())
        {
            labels.TryAdd(target, $"L{labels.Count + 1}");
        }
    }

    /// <exception cref="NotSupportedException">The processor is none of the x86 family.</exception>
    public static DisassembledCode Decode(MachineCode code)
    {
        if (RuntimeInformation.ProcessArchitecture is not (Architecture.X64 or Architecture.X86))
        {
            throw Throw.NotDecoded(RuntimeInformation.ProcessArchitecture);
        }

        var decoder = new Disassembler(code);
        var hot = decoder.HotLoop();
        return new(
            code, decoder.Text([.. hot.Select(instruction => instruction.IP)]),
            hot.Count > 0 ? LoopCounter.Count(hot, decoder.HasFramePointer()) : null);
    }

    /// <inheritdoc/>
    bool ISymbolResolver.TryGetSymbol(
        in Instruction instruction, int operand, int instructionOperand, ulong address, int addressSize, out SymbolResult symbol)
    {
        if (labels.TryGetValue(address, out var label))
        {
            symbol = new(address, label);
            return true;
        }

        symbol = default;
        return false;
    }

    private static bool IsJump(Instruction instruction) =>
        instruction.FlowControl is FlowControl.ConditionalBranch or FlowControl.UnconditionalBranch;

    /// <summary>The innermost loop with the most instructions on vectors; of none on vectors, the longest. Empty if there is no loop.</summary>
    private IReadOnlyList<Instruction> HotLoop() => MachineLoops.Innermost(instructions)
        .OrderByDescending(loop => loop.Count(LoopCounter.IsVector))
        .ThenByDescending(loop => loop.Count)
        .FirstOrDefault() ?? [];

    /// <summary>Whether rbp points into the stack rather than being one more register.</summary>
    private bool HasFramePointer() => instructions.Take(24).Any(instruction =>
        instruction is { Mnemonic: Mnemonic.Lea, Op0Register: Register.RBP, MemoryBase: Register.RSP }
        or { Mnemonic: Mnemonic.Mov, Op0Register: Register.RBP, Op1Register: Register.RSP });

    private List<DisassembledInstruction> Text(HashSet<ulong> hot)
    {
        var formatter = new IntelFormatter(this);
        formatter.Options.FirstOperandCharIndex = OperandColumn;
        formatter.Options.SpaceAfterOperandSeparator = true;
        formatter.Options.HexPrefix = "0x";
        formatter.Options.HexSuffix = "";
        formatter.Options.UppercaseHex = false;
        formatter.Options.ShowBranchSize = false;
        var lines = new List<DisassembledInstruction>(instructions.Count);
        foreach (var instruction in instructions)
        {
            var output = new Output();
            formatter.Format(instruction, output);
            lines.Add(new(
                (int)(instruction.IP - start), string.Concat(output.Parts.Select(part => part.Text)), labels.GetValueOrDefault(instruction.IP, ""), hot.Contains(instruction.IP))
            {
                Parts = output.Parts,
            });
        }

        return lines;
    }

    private sealed class Output : FormatterOutput
    {
        public List<(string Text, InstructionPart Part)> Parts { get; } = [];

        public override void Write(string text, FormatterTextKind kind) => Parts.Add((text, kind switch
        {
            FormatterTextKind.Mnemonic or FormatterTextKind.Prefix => InstructionPart.Mnemonic,
            FormatterTextKind.Register => InstructionPart.Register,
            FormatterTextKind.Number => InstructionPart.Number,
            FormatterTextKind.Label or FormatterTextKind.LabelAddress or FormatterTextKind.Function or FormatterTextKind.FunctionAddress => InstructionPart.Label,
            _ => InstructionPart.Other,
        }));
    }
}
