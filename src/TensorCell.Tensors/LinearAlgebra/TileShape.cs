using TensorCell.Kernels.Simd;

namespace TensorCell.Tensors.LinearAlgebra;

/// <summary>What decides the code of a tile.</summary>
/// <param name="Type">Element type.</param>
/// <param name="Bits">Width of its vectors.</param>
/// <param name="Rows">Rows of C.</param>
/// <param name="Vectors">Vectors across each of them.</param>
/// <param name="PanelRows">Elements that a packed panel of A holds for each step of depth, of which the first are used.</param>
/// <param name="PanelVectors">Vectors that a packed panel of B holds for each step, of which the first are used.</param>
internal readonly record struct TileShape(LaneType Type, int Bits, int Rows, int Vectors, int PanelRows, int PanelVectors)
{
    /// <summary>Elements of a vector.</summary>
    public int Lanes => Bits / 8 / Type.Size;
}
