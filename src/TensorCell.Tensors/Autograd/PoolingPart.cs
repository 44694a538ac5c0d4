namespace TensorCell.Tensors.Autograd;

/// <summary>The windows of a pooling.</summary>
/// <param name="Kernel">Rows and columns of a window.</param>
/// <param name="Stride">Pixels from one window to the next.</param>
/// <param name="Padding">What windows reach beyond the input on every side.</param>
/// <param name="CountsPadding">Whether an average counts what lies beyond the input as zeros.</param>
public sealed record PoolingPart(Size2 Kernel, Size2 Stride, Size2 Padding, bool CountsPadding = true);
