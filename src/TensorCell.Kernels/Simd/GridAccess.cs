using TensorCell.Kernels.Ir;

namespace TensorCell.Kernels.Simd;

/// <summary>How the lanes of an access lie in memory.</summary>
internal enum GridAccessKind
{
    /// <summary>All lanes mean one element.</summary>
    Uniform,

    /// <summary>Neighbouring lanes mean neighbouring elements.</summary>
    Contiguous,

    /// <summary>Each lane means an element of its own.</summary>
    Scattered,
}

/// <summary>One load, store or atomic of a grid program, as code is made for it.</summary>
/// <param name="Statement">The statement.</param>
/// <param name="Number">Its number among the program's accesses.</param>
/// <param name="Operand">What it reads or writes.</param>
/// <param name="Indices">Where.</param>
/// <param name="Kind">How its lanes lie.</param>
/// <param name="LaneDimension">Of a contiguous access: the index that differs from lane to lane.</param>
/// <param name="IsChecked">Whether indices can be out of range.</param>
internal sealed record GridAccess(
    Statement Statement, int Number, MemoryOperand Operand, IReadOnlyList<Node> Indices, GridAccessKind Kind, int LaneDimension, bool IsChecked)
{
    /// <summary>The bit of a shape that says that indices need no check.</summary>
    public const int UncheckedBit = 1 << 30;

    /// <summary>The bit of a shape that says that the index along the lanes wraps at 32 bits.</summary>
    public const int WrapBit = 1 << 29;

    /// <summary>What helpers are told of a contiguous access: rank, dimension of the lanes, number of items.</summary>
    public int Shape(int items) => Indices.Count | (LaneDimension << 4) | (items << 8)
        | (IsChecked ? 0 : UncheckedBit) | (Indices[LaneDimension].Type == DType.Int32 ? WrapBit : 0);
}
