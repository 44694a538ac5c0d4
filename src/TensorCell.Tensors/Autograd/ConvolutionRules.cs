using TensorCell.Tensors.Convolution;

namespace TensorCell.Tensors.Autograd;

/// <summary>
/// Derivations of convolutions and transposed ones: with respect to the input, the gradient of each is one of the other kind.
/// </summary>
internal static class ConvolutionRules
{
    /// <summary>Derives a convolution of an input with weights, plus perhaps a bias.</summary>
    public static Tensor Convolve(Tensor result, string name, ConvolutionShape shape, Tensor[] inputs, ConvolutionPart part) =>
        result.Derive(name, inputs, part, (input, gradient, _) => input switch
        {
            0 => Tensor.ConvolveTransposed(name + " gradient", shape, gradient, inputs[1]),
            1 => Tensor.ConvolutionWeights(name + " gradient", shape, inputs[0], gradient),
            _ => gradient.Sum([0, 2, 3]),
        }, DerivationReads.Inputs);

    /// <summary>Derives a transposed convolution, of a tensor that has the shape of the convolution's result.</summary>
    public static Tensor ConvolveTransposed(Tensor result, string name, ConvolutionShape shape, Tensor[] inputs, ConvolutionPart part) =>
        result.Derive(name, inputs, part, (input, gradient, _) => input switch
        {
            0 => Tensor.Convolve(name + " gradient", shape, gradient, inputs[1]),
            1 => Tensor.ConvolutionWeights(name + " gradient", shape, gradient, inputs[0]),
            _ => gradient.Sum([0, 2, 3]),
        }, DerivationReads.Inputs);
}
