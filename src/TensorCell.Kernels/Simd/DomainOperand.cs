namespace TensorCell.Kernels.Simd;

/// <summary>What a step over a <see cref="FoldDomain"/> reads or writes: an array in memory, or values that one step leaves for later ones.</summary>
/// <param name="Address">The address of the first element of an array. The caller keeps it valid and fixed during the launch.</param>
/// <param name="Type">The type of the elements.</param>
/// <param name="Strides">Bytes from one position to the next at each level; 0 where all are the same.</param>
/// <param name="Slot">Which of the values left for later steps; -1 for an array.</param>
internal readonly record struct DomainOperand(nint Address, DType Type, DomainStrides Strides, int Slot = -1);
