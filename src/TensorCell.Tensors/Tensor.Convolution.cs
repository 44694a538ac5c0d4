using TensorCell.Kernels;
using TensorCell.Tensors.Autograd;
using TensorCell.Tensors.Convolution;
using TensorCell.Tensors.Graph;

namespace TensorCell.Tensors;

// Convolutions of images [n, c, h, w] and of sequences [n, c, l]; without n for a single one.
public sealed partial class Tensor
{
    /// <summary>
    /// Slides filters over sequences: [n, c, l] with weights [o, c / groups, k] gives [n, o, l'], l' = (l + 2 padding - dilation (k - 1) - 1) / stride + 1
    /// rounded down. [c, l] gives [o, l'].
    /// </summary>
    /// <param name="weights">[o, c / groups, k]; not flipped, as everywhere in machine learning.</param>
    /// <param name="bias">[o], added to each channel of the result.</param>
    /// <param name="stride">Elements of the input from one element of the result to the next.</param>
    /// <param name="padding">Zeros on both sides.</param>
    /// <param name="dilation">Elements of the input from one weight to the next.</param>
    /// <param name="groups">Parts that the channels are split into, each with filters of its own.</param>
    /// <exception cref="ArgumentException">Shapes that do not fit, or a kernel larger than the padded input.</exception>
    public Tensor Conv1D(Tensor weights, Tensor? bias = null, int stride = 1, int padding = 0, int dilation = 1, int groups = 1) =>
        ConvolveAny("conv1d", 1, weights, bias, new ConvolutionPart((1, stride), (0, padding), (1, dilation), groups));

    /// <summary>
    /// Slides filters over images: [n, c, h, w] with weights [o, c / groups, kh, kw] gives [n, o, h', w'], h' = (h + 2 padding - dilation (kh - 1) - 1)
    /// / stride + 1 rounded down. [c, h, w] gives [o, h', w'].
    /// </summary>
    /// <remarks>
    /// Where it is faster, 3x3 filters that move by one pixel over f32 (f16 and bf16 are computed so, too) are applied by Winograd's algorithm F(4x4, 3x3)
    /// (Lavin and Gray 2015) at the points of Alam, Anderson, Barabasz and Gregg (2022), and so are gradients that are such convolutions. The error of a pixel is
    /// then below 2^-18 of the greatest sum of absolute products among the 4x4 pixels that are computed together, also where all that a filter sees is zero
    /// (largest found: 1.2e-6 with a few channels, 6e-7 with 64 or more, where that of the sum by the definition is 2e-7). Where what filters see there differs in
    /// size by more than 256 times, and where a result is not finite, the definition is followed.
    /// </remarks>
    /// <param name="weights">[o, c / groups, kh, kw]; not flipped, as everywhere in machine learning.</param>
    /// <param name="bias">[o], added to each channel of the result.</param>
    /// <param name="stride">Pixels of the input from one pixel of the result to the next; 1 by default.</param>
    /// <param name="padding">Zeros on every side.</param>
    /// <param name="dilation">Pixels of the input from one weight to the next; 1 by default.</param>
    /// <param name="groups">Parts that the channels are split into, each with filters of its own; as many as channels for a depthwise convolution.</param>
    /// <exception cref="ArgumentException">Shapes that do not fit, or a kernel larger than the padded input.</exception>
    public Tensor Conv2D(
        Tensor weights, Tensor? bias = null, Size2? stride = null, Size2 padding = default, Size2? dilation = null, int groups = 1) =>
        ConvolveAny("conv2d", 2, weights, bias, new ConvolutionPart(stride ?? 1, padding, dilation ?? 1, groups));

    /// <summary>
    /// Spreads every element of sequences by filters: the transpose of <see cref="Conv1D"/>, which takes [n, c, l] with weights [c, o / groups, k] to
    /// [n, o, l'], l' = (l - 1) stride - 2 padding + dilation (k - 1) + outputPadding + 1.
    /// </summary>
    /// <inheritdoc cref="ConvTranspose2D"/>
    public Tensor ConvTranspose1D(
        Tensor weights, Tensor? bias = null, int stride = 1, int padding = 0, int outputPadding = 0, int dilation = 1, int groups = 1) =>
        ConvolveTransposedAny(
            "convtranspose1d", 1, weights, bias, new ConvolutionPart((1, stride), (0, padding), (1, dilation), groups, (0, outputPadding)));

    /// <summary>
    /// Spreads every pixel of images by filters: the transpose of <see cref="Conv2D"/>, which takes [n, c, h, w] with weights [c, o / groups, kh, kw] to
    /// [n, o, h', w'], h' = (h - 1) stride - 2 padding + dilation (kh - 1) + outputPadding + 1.
    /// </summary>
    /// <param name="weights">The weights.</param>
    /// <param name="bias">[o], added to each channel of the result.</param>
    /// <param name="stride">From one pixel's place in the result to the next one's; 1 by default.</param>
    /// <param name="padding">Left out of the result on every side.</param>
    /// <param name="outputPadding">Added to the result behind the last row and column; less than stride or dilation.</param>
    /// <param name="dilation">Pixels of the result from one weight to the next; 1 by default.</param>
    /// <param name="groups">Parts that the channels are split into, each with filters of its own.</param>
    /// <exception cref="ArgumentException">Shapes that do not fit, or a result of no pixels.</exception>
    public Tensor ConvTranspose2D(
        Tensor weights,
        Tensor? bias = null,
        Size2? stride = null,
        Size2 padding = default,
        Size2 outputPadding = default,
        Size2? dilation = null,
        int groups = 1) =>
        ConvolveTransposedAny("convtranspose2d", 2, weights, bias, new ConvolutionPart(stride ?? 1, padding, dilation ?? 1, groups, outputPadding));

    /// <summary>A convolution of tensors of four axes that are known to fit.</summary>
    internal static Tensor Convolve(string name, ConvolutionShape shape, Tensor input, Tensor weights, Tensor? bias = null)
    {
        Tensor[] inputs = bias is null ? [input, weights] : [input, weights, bias];
        Tensor result = Pending(new ConvolutionOperation(name, shape, false, Operands(inputs)), shape.OutputShape, input.DType);
        return Tape.Keeps(inputs) ? ConvolutionRules.Convolve(result, name, shape, inputs, shape.Part) : result;
    }

    /// <summary>The transpose of a convolution: from a tensor of the shape of its result to one of the shape of its input.</summary>
    internal static Tensor ConvolveTransposed(string name, ConvolutionShape shape, Tensor input, Tensor weights, Tensor? bias = null)
    {
        Tensor[] inputs = bias is null ? [input, weights] : [input, weights, bias];
        Tensor result = Pending(new ConvolutionOperation(name, shape, true, Operands(inputs)), shape.InputShape, input.DType);
        return Tape.Keeps(inputs) ? ConvolutionRules.ConvolveTransposed(result, name, shape, inputs, shape.Part) : result;
    }

    /// <summary>The gradient of a convolution with respect to its weights.</summary>
    internal static Tensor ConvolutionWeights(string name, ConvolutionShape shape, Tensor input, Tensor gradient) =>
        Pending(new ConvolutionWeightsOperation(name, shape, input.As(input.Shape), gradient.As(gradient.Shape)), shape.WeightShape, input.DType);

    private static Operand[] Operands(Tensor[] inputs) => [.. inputs.Select(input => input.As(input.Shape))];

    private Tensor ConvolveAny(string name, int axes, Tensor weights, Tensor? bias, ConvolutionPart part)
    {
        ArgumentNullException.ThrowIfNull(weights);
        ConvolutionCheck check = new(name, axes, this, weights, bias, part);
        return check.Apply((input, filters, added) => Convolve(name, check.Shape(), input, filters, added));
    }

    private Tensor ConvolveTransposedAny(string name, int axes, Tensor weights, Tensor? bias, ConvolutionPart part)
    {
        ArgumentNullException.ThrowIfNull(weights);
        ConvolutionCheck check = new(name, axes, this, weights, bias, part);
        return check.Apply((input, filters, added) => ConvolveTransposed(name, check.TransposedShape(), input, filters, added));
    }
}
