using TensorCell.Kernels;

namespace TensorCell.Tensors;

/// <summary>What the header of a safetensors file says of one tensor.</summary>
/// <param name="DType">The type of its elements.</param>
/// <param name="Shape">Its shape.</param>
/// <param name="Offset">Where in the file its first byte is.</param>
/// <param name="ByteLength">How many bytes it takes.</param>
public sealed record SafeTensorsEntry(DType DType, Shape Shape, long Offset, long ByteLength);
