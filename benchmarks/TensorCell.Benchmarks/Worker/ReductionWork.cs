using TensorCell.Tensors;

namespace TensorCell.Benchmarks.Worker;

/// <summary>The cases of the suite <c>reductions</c>.</summary>
public static class ReductionWork
{
    /// <summary>Makes the inputs of a case; the function computes its result.</summary>
    public static Func<Tensor> Create(string name, string[] words)
    {
        var sizes = Sizes.Of(words);
        Shape shape = Shape.Of(sizes);
        switch (name)
        {
            case "max":
                var values = TensorInputs.Peaked(sizes[0]);
                return values.Max;
            case "argmax":
                var peaked = TensorInputs.Peaked(sizes[0]);
                return peaked.ArgMax;
            case "softmax" or "logsoftmax":
                var logits = TensorInputs.Uniform(shape, 8, -4);
                return name == "softmax" ? () => logits.Softmax() : () => logits.LogSoftmax();
            case "sort":
                var unsorted = TensorInputs.Scattered(shape);
                return () => unsorted.Sort();
            case "topk":
                var scattered = TensorInputs.Scattered(Shape.Of(sizes[..^1]));
                return () => scattered.TopK(sizes[^1]).Values;
        }

        var x = TensorInputs.Uniform(shape, 1, 0);
        return name switch
        {
            "sum" => x.Sum,
            "mean" => x.Mean,
            "sum-axis-0" => () => x.Sum(0),
            "sum-axis-1" => () => x.Sum(1),
            "var" => x.Var,
            "std-axis-1" => () => x.Std(1),
            "cumsum" => () => x.CumSum(-1),
            _ => throw Sizes.Unknown(name),
        };
    }
}
