namespace TensorCell.Kernels.Ptx;

/// <summary>A view as a launch on a GPU gives it.</summary>
/// <param name="Address">Where its first element lies in device memory.</param>
/// <param name="Lengths">Its extents.</param>
/// <param name="Strides">Bytes from one element to its neighbour along each dimension.</param>
internal readonly record struct PtxView(nint Address, int[] Lengths, long[] Strides);
