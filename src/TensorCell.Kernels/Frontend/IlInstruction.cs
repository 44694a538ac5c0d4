using System.Reflection.Emit;

namespace TensorCell.Kernels.Frontend;

/// <summary>One instruction of a method's IL.</summary>
/// <param name="Offset">Where it begins.</param>
/// <param name="Next">Where the next begins.</param>
/// <param name="Code">What it does.</param>
/// <param name="Operand">The number it holds: a constant's bits, an index, a metadata token or the offset of a branch's target.</param>
/// <param name="Targets">The offsets a switch jumps to.</param>
internal readonly record struct IlInstruction(int Offset, int Next, OpCode Code, long Operand, int[]? Targets);
