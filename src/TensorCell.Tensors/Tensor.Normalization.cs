using TensorCell.Kernels;
using TensorCell.Tensors.Autograd;

namespace TensorCell.Tensors;

// Layers that bring elements to mean 0 and variance 1. Of f16 and bf16 they are computed in f32.
public sealed partial class Tensor
{
    /// <summary>The elements less their mean along axes, over their standard deviation along these.</summary>
    /// <param name="axes">Which axes share a mean and a variance.</param>
    /// <param name="epsilon">Added to the variance.</param>
    public Tensor Standardize(Axes axes, double epsilon = 1e-5)
    {
        int[] resolved = axes.Resolve("standardize", Shape);
        Tensor real = DType.IsFloatingPoint ? Computable(this) : To(DType.Float64);
        return NormalizationRules.Standardize(real, resolved, epsilon).To(DType.IsFloatingPoint ? DType : DType.Float64);
    }

    /// <summary>Layer normalisation (Ba et al. 2016): each stretch of the trailing axes standardised, then scaled and moved element by element.</summary>
    /// <param name="weight">Of the shape of the trailing axes.</param>
    /// <param name="bias">Of the same shape; null for none.</param>
    /// <param name="epsilon">Added to the variance.</param>
    /// <exception cref="ArgumentException">A shape is not that of the trailing axes.</exception>
    public Tensor LayerNorm(Tensor weight, Tensor? bias = null, double epsilon = 1e-5)
    {
        Axes axes = TrailingAxes("layernorm", weight, bias);
        return Affine(Computable(this).Standardize(axes, epsilon), weight, bias, Shape, "layernorm").To(RealType);
    }

    /// <summary>Root-mean-square normalisation (Zhang and Sennrich 2019): each stretch of the trailing axes over the root of its mean square, then scaled.</summary>
    /// <param name="weight">Of the shape of the trailing axes.</param>
    /// <param name="epsilon">Added to the mean square.</param>
    /// <exception cref="ArgumentException">The weight's shape is not that of the trailing axes.</exception>
    public Tensor RmsNorm(Tensor weight, double epsilon = 1e-5)
    {
        int[] axes = TrailingAxes("rmsnorm", weight, null).Resolve("rmsnorm", Shape);
        Tensor real = DType.IsFloatingPoint ? Computable(this) : To(DType.Float64);
        return Affine(NormalizationRules.RootMeanSquare(real, axes, epsilon), weight, null, Shape, "rmsnorm").To(RealType);
    }

    /// <summary>Batch normalisation as in training (Ioffe and Szegedy 2015): every channel, along axis 1, standardised over all else, then scaled and moved.</summary>
    /// <param name="weight">[channels].</param>
    /// <param name="bias">[channels]; null for none.</param>
    /// <param name="epsilon">Added to the variance.</param>
    /// <exception cref="ArgumentException">There is no axis 1, or a shape is not [channels].</exception>
    public Tensor BatchNorm(Tensor weight, Tensor? bias = null, double epsilon = 1e-5)
    {
        Shape channels = Channels("batchnorm", weight, bias);
        int[] axes = [0, .. Enumerable.Range(2, Rank - 2)];
        return Affine(Computable(this).Standardize(axes, epsilon), weight, bias, channels, "batchnorm").To(RealType);
    }

    /// <summary>Batch normalisation with a known mean and variance, as in inference.</summary>
    /// <param name="mean">[channels].</param>
    /// <param name="variance">[channels].</param>
    /// <param name="weight">[channels].</param>
    /// <param name="bias">[channels]; null for none.</param>
    /// <param name="epsilon">Added to the variance.</param>
    /// <exception cref="ArgumentException">There is no axis 1, or a shape is not [channels].</exception>
    public Tensor BatchNorm(Tensor mean, Tensor variance, Tensor weight, Tensor? bias = null, double epsilon = 1e-5)
    {
        ArgumentNullException.ThrowIfNull(variance);
        Shape channels = Channels("batchnorm", mean, variance);
        Channels("batchnorm", weight, bias);
        Tensor scale = Computable(weight) * (Computable(variance) + epsilon).ReciprocalSqrt();
        Tensor centred = Computable(this) - Computable(mean).Reshape(channels);
        return Affine(centred, scale, bias, channels, "batchnorm").To(RealType);
    }

    /// <summary>Group normalisation (Wu and He 2018): the channels, along axis 1, in groups, each standardised with all that follows; then scaled and moved by channel.</summary>
    /// <param name="groups">How many groups; as many as channels is instance normalisation.</param>
    /// <param name="weight">[channels].</param>
    /// <param name="bias">[channels]; null for none.</param>
    /// <param name="epsilon">Added to the variance.</param>
    /// <exception cref="ArgumentException">There is no axis 1, the groups do not divide it, or a shape is not [channels].</exception>
    public Tensor GroupNorm(int groups, Tensor weight, Tensor? bias = null, double epsilon = 1e-5)
    {
        Channels("groupnorm", weight, bias);
        if (groups < 1 || Shape[1] % groups != 0)
        {
            Throw.Argument($"groupnorm: {groups} groups of the {Shape[1]} channels of {Shape}: they must divide them");
        }

        int perGroup = Shape[1] / groups;
        long each = Count == 0 ? 0 : Count / ((long)Shape[0] * Shape[1]);
        Shape grouped = Shape.Of(Shape[0], groups, perGroup, Shape.Length("groupNorm", each));
        Tensor standard = Computable(this).Reshape(grouped).Standardize(new[] { 2, 3 }, epsilon);
        return Affine(standard, weight, bias, Shape.Of(groups, perGroup, 1), "groupnorm").Reshape(Shape).To(RealType);
    }

    private DType RealType => DType.IsFloatingPoint ? DType : DType.Float64;

    private static Tensor Affine(Tensor standard, Tensor weight, Tensor? bias, Shape shape, string operation)
    {
        RequireReal(operation, weight);
        Tensor scaled = standard * (weight.Count == shape.Count ? Computable(weight).Reshape(shape) : Computable(weight));
        if (bias is null)
        {
            return scaled;
        }

        RequireReal(operation, bias);
        return scaled + (bias.Count == shape.Count ? Computable(bias).Reshape(shape) : Computable(bias));
    }

    private static void RequireReal(string operation, Tensor parameter)
    {
        if (!parameter.DType.IsFloatingPoint)
        {
            Throw.Argument($"{operation}: a weight or bias of {parameter.DType.Name}; use .To(DType.Float32)");
        }
    }

    private Axes TrailingAxes(string operation, Tensor weight, Tensor? bias)
    {
        ArgumentNullException.ThrowIfNull(weight);
        int count = weight.Rank;
        bool isFitting = count > 0 && count <= Rank && Shape.Lengths[(Rank - count)..].SequenceEqual(weight.Shape.Lengths) && (bias is null || bias.Shape == weight.Shape);
        return isFitting
            ? Enumerable.Range(Rank - count, count).ToArray()
            : Throw.Argument<Axes>($"{operation}: {Shape} with weight {weight.Shape}{(bias is null ? "" : $" and bias {bias.Shape}")}: they need the shape of the last axes");
    }

    private Shape Channels(string operation, Tensor first, Tensor? second)
    {
        ArgumentNullException.ThrowIfNull(first);
        bool isFitting = Rank > 1 && first.Rank == 1 && first.Shape[0] == Shape[1] && (second is null || second.Shape == first.Shape);
        return isFitting
            ? Shape.Of([Shape[1], .. Enumerable.Repeat(1, Rank - 2)])
            : Throw.Argument<Shape>($"{operation}: {Shape} with {first.Shape}{(second is null ? "" : $" and {second.Shape}")}: needs [batch, channels, …] and vectors of [channels]");
    }
}
