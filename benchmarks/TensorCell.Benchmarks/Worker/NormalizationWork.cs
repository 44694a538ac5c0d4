using TensorCell.Tensors;

namespace TensorCell.Benchmarks.Worker;

/// <summary>The normalizations of the suite <c>nn</c>.</summary>
public static class NormalizationWork
{
    /// <summary>Makes the inputs of a case; the function computes its result. The second axis has the features.</summary>
    /// <param name="name">The case.</param>
    /// <param name="sizes">The shape; of a group normalization, with the number of groups.</param>
    public static Func<Tensor> Create(string name, int[] sizes)
    {
        var x = TensorInputs.Uniform(Shape.Of(name == "groupnorm" ? sizes[..^1] : sizes), 8, -4);
        Tensor weight = TensorInputs.Uniform(sizes[1], 1, 0.5, 1), bias = TensorInputs.Uniform(sizes[1], input: 2);
        return name switch
        {
            "layernorm" => () => x.LayerNorm(weight, bias),
            "rmsnorm" => () => x.RmsNorm(weight),
            "batchnorm" => () => x.BatchNorm(weight, bias),
            "groupnorm" => () => x.GroupNorm(sizes[^1], weight, bias),
            _ => throw Sizes.Unknown(name),
        };
    }
}
