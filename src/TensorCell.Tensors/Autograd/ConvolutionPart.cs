namespace TensorCell.Tensors.Autograd;

/// <summary>How the filters of a convolution, or of a transposed one, move over its input.</summary>
/// <param name="Stride">Pixels from one place to the next.</param>
/// <param name="Padding">Zeros around the input.</param>
/// <param name="Dilation">Pixels from one weight to the next.</param>
/// <param name="Groups">Groups of channels, each with filters of its own.</param>
/// <param name="OutputPadding">Of a transposed convolution, rows and columns added behind the last ones of the result.</param>
public sealed record ConvolutionPart(Size2 Stride, Size2 Padding, Size2 Dilation, int Groups, Size2 OutputPadding = default);
