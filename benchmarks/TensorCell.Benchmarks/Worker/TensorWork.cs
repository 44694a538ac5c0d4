using TensorCell.Inference;
using TensorCell.Kernels;
using TensorCell.Tensors;

namespace TensorCell.Benchmarks.Worker;

/// <summary>A case of a suite as a user of TensorCell writes it: a function that gives a tensor.</summary>
public sealed class TensorWork(Func<Tensor> compute) : IWork
{
    /// <summary>Makes the inputs of a case.</summary>
    /// <param name="arguments">The suite, the case and its sizes, such as <c>elementwise chain 16000000</c>.</param>
    public static TensorWork Create(string[] arguments) => new(arguments switch
    {
        ["elementwise", .. var words] => ElementwiseWork.Create(words[0], words[1..]),
        ["reductions", .. var words] => ReductionWork.Create(words[0], words[1..]),
        ["matmul", .. var words] => MatmulWork.Create(words[0], words[1], words[2..]),
        ["nn", .. var words] => NeuralWork.Create(words[0], words[1..]),
        ["training", .. var words] => TrainingWork.Create(words),
        ["onnx", var model, .. var sizes] => Run(OnnxModel.Load(model), Sizes.Of(sizes)),
        _ => throw Sizes.Unknown(arguments[0]),
    });

    /// <summary>Which elements of a result its check adds up: all where there are few.</summary>
    public static int CheckStep(long count) => count > 1_000_000 ? 9973 : count > 1000 ? 97 : 1;

    /// <summary>Computes the result once, and lets it go.</summary>
    public void Run()
    {
        using var result = compute();
        result.Realize();
    }

    /// <summary>The sum of the magnitudes of some elements of the result.</summary>
    public double? Check()
    {
        using var result = compute();
        var elements = result.Reshape(-1).Slice(0, .., CheckStep(result.Count)).To(DType.Float64).ToArray<double>();
        return elements.Sum(Math.Abs);
    }

    private static Func<Tensor> Run(OnnxModel model, int[] sizes)
    {
        var batch = TensorInputs.Uniform((sizes[0], sizes[1]), 1, 0);
        return () => model.Run(batch);
    }
}
