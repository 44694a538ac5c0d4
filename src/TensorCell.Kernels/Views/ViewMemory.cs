namespace TensorCell.Kernels;

/// <summary>Where a view's elements lie: in a managed array that may move, or at an address that an owner keeps alive.</summary>
/// <param name="Owner">The array, or what keeps the address valid.</param>
/// <param name="Offset">Bytes from the array's first element, or the address.</param>
internal readonly record struct ViewMemory(object? Owner, nint Offset);
