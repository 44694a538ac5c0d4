using TensorCell.Kernels;
using TensorCell.Tensors.Graph;

namespace TensorCell.Tensors;

// Distributions beyond the even and the normal one. Parameters are numbers, or tensors that broadcast to the shape.
public sealed partial class RandomStream
{
    /// <summary>Truth values that hold with a probability; a bool tensor.</summary>
    /// <param name="shape">Shape of the result.</param>
    /// <param name="probability">From 0 to 1, to within 2^-24.</param>
    public Tensor Bernoulli(Shape shape, double probability = 0.5)
    {
        if (!(probability >= 0 && probability <= 1))
        {
            Throw.Argument($"bernoulli: probability {probability}; use 0 to 1");
        }

        return Uniform(shape) < probability;
    }

    /// <summary>For each probability a truth value that holds with it; a bool tensor.</summary>
    public Tensor Bernoulli(Tensor probability)
    {
        ArgumentNullException.ThrowIfNull(probability);
        DType type = probability.DType == DType.Float64 ? DType.Float64 : DType.Float32;
        return Uniform(probability.Shape, dtype: type) < probability.Detach().To(type);
    }

    /// <summary>Exponentially distributed numbers.</summary>
    /// <param name="shape">Shape of the result.</param>
    /// <param name="scale">Their mean.</param>
    /// <param name="dtype">f32 or f64.</param>
    public Tensor Exponential(Shape shape, Tensor? scale = null, DType dtype = DType.Float32)
    {
        Tensor standard = -(-Uniform(shape, dtype: dtype)).Log1P();
        return scale is null ? standard : standard * Parameter("exponential", scale, shape).To(dtype);
    }

    /// <summary>Normally distributed numbers between two bounds.</summary>
    /// <param name="shape">Shape of the result.</param>
    /// <param name="mean">Mean of the distribution that is cut off.</param>
    /// <param name="deviation">Its standard deviation.</param>
    /// <param name="low">Lower bound.</param>
    /// <param name="high">Upper bound.</param>
    /// <param name="dtype">f32 or f64.</param>
    public Tensor TruncatedNormal(
        Shape shape, double mean = 0, double deviation = 1, double low = -2, double high = 2, DType dtype = DType.Float32)
    {
        if (!(deviation > 0) || !(low < high) || double.IsNaN(mean))
        {
            Throw.Argument($"truncatednormal: mean {mean}, deviation {deviation}, from {low} to {high}; use a positive deviation and bounds that leave something between them");
        }

        Tensor standard = Sample<TruncatedNormalSampler>("truncatednormal", shape, (low - mean) / deviation, (high - mean) / deviation);
        return ((standard * deviation) + mean).Clamp(low, high).To(Real("truncatednormal", dtype));
    }

    /// <summary>Gamma-distributed numbers.</summary>
    /// <param name="shape">Shape of the result.</param>
    /// <param name="concentration">Their mean for scale 1; not negative.</param>
    /// <param name="scale">What they are multiplied by.</param>
    /// <param name="dtype">f32 or f64.</param>
    public Tensor Gamma(Shape shape, Tensor concentration, Tensor? scale = null, DType dtype = DType.Float32)
    {
        Tensor standard = Sample<GammaSampler>("gamma", shape, concentration, 0.0);
        return (scale is null ? standard : standard * Parameter("gamma", scale, shape)).To(Real("gamma", dtype));
    }

    /// <summary>Beta-distributed numbers, from 0 to 1.</summary>
    /// <param name="shape">Shape of the result.</param>
    /// <param name="towardsOne">What draws them towards 1; positive.</param>
    /// <param name="towardsZero">What draws them towards 0; positive.</param>
    /// <param name="dtype">f32 or f64.</param>
    public Tensor Beta(Shape shape, Tensor towardsOne, Tensor towardsZero, DType dtype = DType.Float32)
    {
        Tensor first = Sample<GammaSampler>("beta", shape, towardsOne, 0.0);
        Tensor second = Sample<GammaSampler>("beta", shape, towardsZero, 0.0);
        return (first / (first + second)).To(Real("beta", dtype));
    }

    /// <summary>Poisson-distributed numbers; an i64.</summary>
    /// <param name="shape">Shape of the result.</param>
    /// <param name="mean">Their mean; from 0 to 10^18.</param>
    public Tensor Poisson(Shape shape, Tensor mean) => Sample<PoissonSampler>("poisson", shape, mean, 0.0).To(DType.Int64);

    private Tensor Sample<TSampler>(string name, Shape shape, Tensor first, Tensor second)
        where TSampler : struct, ISampler
    {
        Tensor one = Parameter(name, first, shape);
        Tensor other = Parameter(name, second, shape);
        return Tensor.Pending(
            new SampledOperation<TSampler>(name, Seed, Reserve(shape.Count), one.As(one.Shape), other.As(other.Shape)), shape, DType.Float64);
    }

    /// <summary>A parameter as one f64, or as one for each element.</summary>
    private static Tensor Parameter(string name, Tensor parameter, Shape shape)
    {
        ArgumentNullException.ThrowIfNull(parameter);
        if (parameter.Rank > shape.Rank || Shape.Broadcast(name, parameter.Shape, shape) != shape)
        {
            Throw.Argument($"{name}: a parameter of shape {parameter.Shape} does not broadcast to {shape}");
        }

        Tensor exact = parameter.Detach().To(DType.Float64);
        return parameter.Count == 1 ? exact.Reshape(default(Shape)) : exact.BroadcastTo(shape).Contiguous();
    }

    private static DType Real(string name, DType dtype) => dtype is DType.Float32 or DType.Float64
        ? dtype
        : Throw.Argument<DType>($"{name}: {dtype.Name} is not offered; use DType.Float32 or DType.Float64, then .To({dtype})");
}
