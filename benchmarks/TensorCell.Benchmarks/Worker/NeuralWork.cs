using TensorCell.Kernels;
using TensorCell.Tensors;

namespace TensorCell.Benchmarks.Worker;

/// <summary>The cases of the suite <c>nn</c>.</summary>
public static class NeuralWork
{
    /// <summary>Makes the inputs of a case; the function computes its result.</summary>
    public static Func<Tensor> Create(string name, string[] words)
    {
        var sizes = Sizes.Of(words);
        return name switch
        {
            "layernorm" or "rmsnorm" or "batchnorm" or "groupnorm" => NormalizationWork.Create(name, sizes),
            "linear" => Linear(sizes),
            "linear-training" => LinearTraining(sizes),
            "conv" or "maxpool" => ImageWork.Create(name, sizes),
            "attention" => Attention(sizes, isCausal: false),
            "causal-attention" => Attention(sizes, isCausal: true),
            "embedding" => Embedding(sizes),
            _ => throw Sizes.Unknown(name),
        };
    }

    private static Func<Tensor> Linear(int[] sizes)
    {
        Tensor x = TensorInputs.Uniform((sizes[0], sizes[1])), weight = TensorInputs.Uniform((sizes[2], sizes[1]), input: 1);
        var bias = TensorInputs.Uniform(sizes[2], input: 2);
        return () => x.MatMul(weight.T) + bias;
    }

    /// <summary>Forwards, and backwards to input, weight and bias, all of which is computed; the weight's gradient is the result.</summary>
    private static Func<Tensor> LinearTraining(int[] sizes)
    {
        Tensor x = TensorInputs.Uniform((sizes[0], sizes[1])), weight = TensorInputs.Uniform((sizes[2], sizes[1]), input: 1);
        Tensor bias = TensorInputs.Uniform(sizes[2], input: 2), gradient = TensorInputs.Uniform((sizes[0], sizes[2]), input: 3);
        Tensor[] leaves = [x, weight, bias];
        Array.ForEach(leaves, leaf => leaf.RequiresGrad = true);
        return () =>
        {
            using var scope = Tensor.Scope();
            Array.ForEach(leaves, leaf => leaf.Grad = null);
            var result = x.MatMul(weight.T) + bias;
            result.Backward(gradient);
            Tensor.RealizeAll(result, x.Grad!, weight.Grad!, bias.Grad!);
            return scope.Keep(weight.Grad!);
        };
    }

    private static Func<Tensor> Attention(int[] sizes, bool isCausal)
    {
        Tensor q = TensorInputs.Uniform(Shape.Of(sizes), 2, -1), k = TensorInputs.Uniform(Shape.Of(sizes), 2, -1, 1);
        var v = TensorInputs.Uniform(Shape.Of(sizes), 2, -1, 2);
        return () => Tensor.Attention(q, k, v, isCausal: isCausal);
    }

    private static Func<Tensor> Embedding(int[] sizes)
    {
        var weights = TensorInputs.Uniform((sizes[0], sizes[1]));
        var indices = TensorInputs.Whole(sizes[2], sizes[0], 0, 0, DType.Int64);
        return () => Tensor.Embedding(weights, indices);
    }
}
