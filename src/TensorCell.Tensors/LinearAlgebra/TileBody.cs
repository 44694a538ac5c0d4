namespace TensorCell.Tensors.LinearAlgebra;

/// <summary>
/// Computes a tile of C, which stays in registers while a panel of A and a panel of B stream past.
/// </summary>
/// <param name="depth">Steps of depth; 0 gives zeros.</param>
/// <param name="a">Packed panel of A.</param>
/// <param name="b">Packed panel of B; or, where B is not packed, what offsets count from.</param>
/// <param name="c">First element of the tile, whose rows are of adjacent elements.</param>
/// <param name="rowBytes">Bytes from one row of C to the next.</param>
/// <param name="accumulate">Whether the tile is added to C rather than written over it.</param>
/// <param name="next">
/// What the following tiles will read: brought nearer by the way, as far as this one gets with it; any address will do. Where B is not
/// packed: for each step, how many bytes from <paramref name="b"/> its vectors lie.
/// </param>
internal unsafe delegate void TileBody(nint depth, void* a, void* b, void* c, nint rowBytes, bool accumulate, void* next);
