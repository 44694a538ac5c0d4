namespace TensorCell.Kernels.Tests.Ptx;

/// <summary>An operand as written.</summary>
internal abstract record PtxOperand
{
    /// <summary>A declared register, or a special one such as %tid.x.</summary>
    public sealed record Register(string Name) : PtxOperand;

    /// <summary>An integer.</summary>
    public sealed record Integer(long Value) : PtxOperand;

    /// <summary>A floating-point number, given by its bits.</summary>
    public sealed record Real(ulong Bits, int Width) : PtxOperand;

    /// <summary>A variable or a label.</summary>
    public sealed record Symbol(string Name) : PtxOperand;

    /// <summary>Memory at a register or variable, and some bytes on.</summary>
    public sealed record Address(string Base, long Offset) : PtxOperand;

    /// <summary>Two registers as one of twice the width.</summary>
    public sealed record Pair(string Low, string High) : PtxOperand;
}
