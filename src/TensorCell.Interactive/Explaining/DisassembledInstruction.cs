namespace TensorCell.Interactive;

/// <summary>One instruction of machine code.</summary>
/// <param name="Offset">Bytes from the beginning of the code.</param>
/// <param name="Text">The instruction in Intel's syntax.</param>
/// <param name="Label">The label that jumps name; empty where none leads here.</param>
/// <param name="IsHot">Whether it belongs to the hot loop.</param>
public sealed record DisassembledInstruction(int Offset, string Text, string Label, bool IsHot)
{
    /// <summary>The parts of <see cref="Text"/>, for colouring.</summary>
    internal IReadOnlyList<(string Text, InstructionPart Part)> Parts { get; init; } = [];

    /// <inheritdoc/>
    public override string ToString() => $"{Label,-5}{Text}";
}
