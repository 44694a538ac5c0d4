using TensorCell.Kernels.Ir;

namespace TensorCell.Kernels.Simd;

/// <summary>An array in memory that a kernel reads or writes.</summary>
/// <param name="Address">The address of its first element. The caller keeps it valid and fixed during the launch.</param>
/// <param name="Type">The type of its elements.</param>
/// <param name="ByteStrides">
/// For each dimension of the launch's shape, bytes from one element to the next: 0 where it is broadcast, negative where it runs backwards.
/// </param>
public readonly record struct Operand(nint Address, DType Type, long[] ByteStrides);
