using TensorCell.Interactive.Explaining;
using TensorCell.Kernels;

namespace TensorCell.Interactive;

/// <summary>The machine code of a kernel as text, its hot loop found.</summary>
/// <param name="Code">The machine code.</param>
/// <param name="Instructions">Its instructions.</param>
/// <param name="HotLoop">
/// What the innermost loop with the most vector instructions consists of; null where the code has no loop.
/// </param>
public sealed record DisassembledCode(MachineCode Code, IReadOnlyList<DisassembledInstruction> Instructions, LoopCounts? HotLoop)
{
    /// <summary>Decodes machine code of this machine's processor.</summary>
    /// <exception cref="NotSupportedException">The processor is none of the x86 family, whose instructions alone are decoded.</exception>
    public static DisassembledCode Of(MachineCode code)
    {
        ArgumentNullException.ThrowIfNull(code);
        return Disassembler.Decode(code);
    }

    /// <summary>The instructions of the hot loop.</summary>
    public IEnumerable<DisassembledInstruction> Hot => Instructions.Where(instruction => instruction.IsHot);

    /// <inheritdoc/>
    public override string ToString() => string.Join('\n', Instructions);
}
