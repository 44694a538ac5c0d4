namespace TensorCell.Kernels.Simd;

/// <summary>One of the vectors that an <see cref="ElementEmitter"/> computes at once.</summary>
/// <param name="Number">Which one: where its elements lie.</param>
/// <param name="Slot">Whose locals it uses.</param>
/// <param name="Masks">Pushes the mask, of lanes of some bytes, of the lanes whose elements exist; null where all do.</param>
internal readonly record struct ElementCopy(int Number, int Slot, Action<int, ElementCopy>? Masks = null);
