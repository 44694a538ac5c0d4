using TensorCell.Learning;
using TensorCell.Tensors;

namespace TensorCell.Benchmarks.Worker;

/// <summary>One training step of a network, as a user writes the loop by hand: forwards, backwards, the parameters' change, the loss read.</summary>
public static class TrainingWork
{
    /// <summary>Makes network, data and optimizer, and returns the step, whose result is the loss before it.</summary>
    /// <param name="arguments">The optimizer, the batch and the widths of the layers.</param>
    public static Func<Tensor> Create(string[] arguments)
    {
        var numbers = Sizes.Of(arguments[1..]);
        var (batch, widths) = (numbers[0], numbers[1..]);
        List<Module> layers = [];
        using var untracked = Tensor.NoGrad();
        for (var layer = 0; layer + 1 < widths.Length; layer++)
        {
            var linear = new Linear(widths[layer], widths[layer + 1]);
            linear.Weight.Assign(TensorInputs.Uniform((widths[layer + 1], widths[layer])) * (2 / Math.Sqrt(widths[layer])));
            linear.Bias!.Assign(Tensor.Zeros(widths[layer + 1]));
            layers.Add(linear);
            if (layer + 2 < widths.Length)
            {
                layers.Add(new Relu());
            }
        }

        Sequential model = [.. layers];
        Optimizer optimizer = arguments[0] switch
        {
            "sgd" => new SGD(model.Parameters(), learningRate: 0.01),
            "adam" => new Adam(model.Parameters(), learningRate: 0.0001),
            _ => throw new ArgumentException($"no optimizer is called {arguments[0]}"),
        };
        var inputs = TensorInputs.Uniform((batch, widths[0]), input: 1);
        var labels = Tensor.From(Enumerable.Range(0, batch).Select(row => row * 7L % widths[^1]).ToArray());
        return () =>
        {
            using var scope = Tensor.Scope();
            optimizer.ZeroGrad();
            var loss = Loss.CrossEntropy(model[inputs], labels);
            loss.Backward();
            optimizer.Step();
            return scope.Keep(loss);
        };
    }
}
