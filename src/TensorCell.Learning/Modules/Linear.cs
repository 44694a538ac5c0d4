using TensorCell.Kernels;
using TensorCell.Tensors;

namespace TensorCell.Learning;

/// <summary>
/// x · Wᵀ + b over the last axis. Weights begin uniform between ±1/√inputs, as PyTorch's do (He et al. 2015 with its slope of √5).
/// </summary>
public sealed class Linear : Module
{
    /// <summary>A layer with random weights.</summary>
    /// <param name="inputs">Features that come in: the length of the last axis.</param>
    /// <param name="outputs">Features that go out.</param>
    /// <param name="bias">Whether a bias is added.</param>
    /// <param name="seed">What determines the weights; without one, <see cref="Initialization"/> gives each layer the next of a sequence.</param>
    /// <param name="dtype">The type of the weights.</param>
    public Linear(int inputs, int outputs, bool bias = true, ulong? seed = null, DType dtype = DType.Float32)
    {
        if (inputs < 1 || outputs < 1)
        {
            Throw.Argument($"Linear: {inputs} inputs and {outputs} outputs asked for; both must be at least 1");
        }

        RandomStream random = Initialization.Next(seed);
        double bound = 1 / Math.Sqrt(inputs);
        Weight = Parameter(random.Uniform([outputs, inputs], -bound, bound).To(dtype));
        Bias = bias ? Parameter(random.Uniform([outputs], -bound, bound).To(dtype)) : null;
    }

    /// <summary>W, [outputs, inputs].</summary>
    public Tensor Weight { get; }

    /// <summary>b, [outputs]; null without.</summary>
    public Tensor? Bias { get; }

    /// <summary>Features that come in.</summary>
    public int Inputs => Weight.Shape[1];

    /// <summary>Features that go out.</summary>
    public int Outputs => Weight.Shape[0];

    /// <summary>x · Wᵀ + b.</summary>
    /// <param name="input">[…, inputs]; converted to the type of the weights.</param>
    /// <returns>[…, outputs].</returns>
    /// <exception cref="ArgumentException">The last axis has another length.</exception>
    public override Tensor Forward(Tensor input)
    {
        ArgumentNullException.ThrowIfNull(input);
        if (input.Rank == 0 || input.Shape[-1] != Inputs)
        {
            Throw.Argument($"{this}: the input's shape is {input.Shape}; its last axis must have {Inputs} elements");
        }

        // Half-precision weights are storage; the product is computed in single precision.
        DType type = Weight.DType is DType.Float64 ? DType.Float64 : DType.Float32;
        Tensor product = input.To(type).MatMul(Weight.To(type).T);
        return Bias is null ? product : product + Bias.To(type);
    }

    /// <inheritdoc/>
    public override string ToString() => $"Linear({Inputs} → {Outputs}{(Bias is null ? ", no bias" : "")})";
}
