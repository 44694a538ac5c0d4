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
        return new(code, decoder.Text(hot), hot is { } loop ? LoopCounter.Count(decoder.Of(loop), decoder.HasFramePointer()) : null);
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

    private IEnumerable<Instruction> Of((ulong First, ulong Last) loop) =>
        instructions.Where(instruction => instruction.IP >= loop.First && instruction.IP <= loop.Last);

    /// <summary>The innermost loop with the most instructions on vectors; of none on vectors, the longest.</summary>
    private (ulong First, ulong Last)? HotLoop()
    {
        var loops = instructions.Where(IsJump)
            .Where(jump => jump.NearBranchTarget <= jump.IP && labels.ContainsKey(jump.NearBranchTarget))
            .Select(jump => (First: jump.NearBranchTarget, Last: jump.IP))
            .ToArray();
        return loops
            .Where(loop => !loops.Any(other => other != loop && other.First >= loop.First && other.Last <= loop.Last))
            .OrderByDescending(loop => Of(loop).Count(LoopCounter.IsVector))
            .ThenByDescending(loop => Of(loop).Count())
            .Select(loop => ((ulong, ulong)?)loop)
            .FirstOrDefault();
    }

    /// <summary>Whether rbp points into the stack rather than being one more register.</summary>
    private bool HasFramePointer() => instructions.Take(24).Any(instruction =>
        instruction is { Mnemonic: Mnemonic.Lea, Op0Register: Register.RBP, MemoryBase: Register.RSP }
        or { Mnemonic: Mnemonic.Mov, Op0Register: Register.RBP, Op1Register: Register.RSP });

    private List<DisassembledInstruction> Text((ulong First, ulong Last)? hot)
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
            var isHot = hot is { } loop && instruction.IP >= loop.First && instruction.IP <= loop.Last;
            lines.Add(new((int)(instruction.IP - start), string.Concat(output.Parts.Select(part => part.Text)), labels.GetValueOrDefault(instruction.IP, ""), isHot)
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
