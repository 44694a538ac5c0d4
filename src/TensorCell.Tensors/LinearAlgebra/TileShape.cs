using TensorCell.Kernels.Simd;

namespace TensorCell.Tensors.LinearAlgebra;

/// <summary>What decides the code of a tile.</summary>
/// <param name="Type">Element type.</param>
/// <param name="Bits">Width of its vectors.</param>
/// <param name="Rows">Rows of C.</param>
/// <param name="Vectors">Vectors across each of them.</param>
/// <param name="PanelRows">Elements that a packed panel of A holds for each step of depth, of which the first are used.</param>
/// <param name="PanelVectors">
/// Vectors that a packed panel of B holds for each step, of which the first are used; 0 for a B that is not packed, but whose vectors
/// for each step lie wherever a table tells.
/// </param>
/// <param name="Ending">What becomes of the sums.</param>
internal readonly record struct TileShape(
    LaneType Type, int Bits, int Rows, int Vectors, int PanelRows, int PanelVectors, TileEnding Ending = TileEnding.Sums)
{
    /// <summary>Whether B is read where a table of offsets tells.</summary>
    public bool IsIndirect => PanelVectors == 0;

    /// <summary>Elements of a vector.</summary>
    public int Lanes => Bits / 8 / Type.Size;
}
