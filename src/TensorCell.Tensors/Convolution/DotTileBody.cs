namespace TensorCell.Tensors.Convolution;

/// <summary>
/// Computes the scalar products of some rows with some others, all of adjacent elements, lane by lane: the products stay in registers while the
/// rows stream past.
/// </summary>
/// <param name="bytes">Bytes of each row: whole vectors.</param>
/// <param name="a">The first of the one rows.</param>
/// <param name="rowBytes">Bytes from one of them to the next.</param>
/// <param name="b">What offsets count from.</param>
/// <param name="offsets">For each of the other rows, how many bytes from <paramref name="b"/> it lies.</param>
/// <param name="sums">Receives a vector for every pair, those of the first of the one rows first: its lanes add up to the scalar product.</param>
internal unsafe delegate void DotTileBody(nint bytes, void* a, nint rowBytes, void* b, nint* offsets, void* sums);
