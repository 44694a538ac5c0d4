namespace TensorCell.Kernels.Tests.Ptx;

/// <summary>An instruction as written.</summary>
/// <param name="Line">Its line.</param>
/// <param name="Name">Its opcode with all modifiers.</param>
/// <param name="Guard">The predicate it runs under, or null.</param>
/// <param name="IsGuardNegated">Whether it runs where the predicate does not hold.</param>
/// <param name="Operands">Its operands.</param>
internal sealed record PtxInstruction(int Line, string Name, string? Guard, bool IsGuardNegated, IReadOnlyList<PtxOperand> Operands);
