using TensorCell.Kernels;

namespace TensorCell.Tensors;

/// <summary>What the header of an <c>.npy</c> file says.</summary>
/// <param name="ElementType">The type of the elements as NumPy writes it: <c>&lt;f4</c> for little-endian 32-bit real numbers.</param>
/// <param name="DType">The type they are read as.</param>
/// <param name="Shape">The shape of the array.</param>
/// <param name="IsFortranOrder">Whether the first axis moves fastest.</param>
/// <param name="Offset">Where in the file the first element begins.</param>
/// <param name="ByteLength">How many bytes the elements take in the file.</param>
public sealed record NpyHeader(string ElementType, DType DType, Shape Shape, bool IsFortranOrder, long Offset, long ByteLength);
