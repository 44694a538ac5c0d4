namespace TensorCell.Tensors.LinearAlgebra;

/// <summary>What becomes of a tile's sums after the last step of depth.</summary>
internal enum TileEnding
{
    /// <summary>They are written to C or added to it, as the call asks.</summary>
    Sums,

    /// <summary>Each row is written to C with the element added that the panel of A holds for it after its last step.</summary>
    Shifted,

    /// <summary>The same past the caches, to rows that are aligned to whole vectors.</summary>
    ShiftedStreamed,
}
