using TensorCell.Kernels.Ir;

namespace TensorCell.Kernels.Frontend;

/// <summary>A way out of a part of the code that was read: where control goes on, when, and with what in the variables.</summary>
/// <param name="Target">The block that runs next.</param>
/// <param name="Condition">When it does, given that the part ran; of the ways out of one part exactly one holds.</param>
/// <param name="State">The variables and the stack there.</param>
internal sealed record Exit(Block Target, Node Condition, FrameState State);
