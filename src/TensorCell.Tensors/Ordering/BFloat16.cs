namespace TensorCell.Tensors.Ordering;

/// <summary>The bits of a bf16, so that generic code knows them from those of other types.</summary>
/// <param name="Bits">The upper half of those of an f32.</param>
internal readonly record struct BFloat16(ushort Bits);
