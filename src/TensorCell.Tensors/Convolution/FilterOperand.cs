namespace TensorCell.Tensors.Convolution;

/// <summary>The weights of filters somewhere in memory, by strides in elements; where in a channel each weight lies, its <see cref="Tap"/> tells.</summary>
/// <param name="Address">The first element.</param>
/// <param name="GroupStride">From one group to the next.</param>
/// <param name="FilterStride">From one filter of a group to the next.</param>
/// <param name="ChannelStride">From one channel that a filter reads to the next.</param>
internal readonly record struct FilterOperand(nint Address, nint GroupStride, nint FilterStride, nint ChannelStride);
