using System.Globalization;
using TensorCell.Kernels;
using TensorCell.Learning;
using TensorCell.Tensors;

namespace TensorCell.Benchmarks.Worker;

/// <summary>One training step of a network, as a user writes the loop by hand: forwards, backwards, the parameters' change, the loss read.</summary>
public static class TrainingWork
{
    /// <summary>Makes network, data and optimizer, and returns the step, whose result is the loss before it.</summary>
    /// <param name="arguments"><c>training</c>, the optimizer, the batch and the widths of the layers.</param>
    public static Func<Tensor> Create(ReadOnlySpan<string> arguments)
    {
        var numbers = new int[arguments.Length - 2];
        for (var i = 0; i < numbers.Length; i++)
        {
            numbers[i] = int.Parse(arguments[i + 2], CultureInfo.InvariantCulture);
        }

        var (batch, widths) = (numbers[0], numbers[1..]);
        List<Module> layers = [];
        using var untracked = Tensor.NoGrad();
        for (var layer = 0; layer + 1 < widths.Length; layer++)
        {
            var linear = new Linear(widths[layer], widths[layer + 1]);
            linear.Weight.Assign(Uniform((widths[layer + 1], widths[layer]), 7919) * (2 / Math.Sqrt(widths[layer])));
            linear.Bias!.Assign(Tensor.Zeros(widths[layer + 1]));
            layers.Add(linear);
            if (layer + 2 < widths.Length)
            {
                layers.Add(new Relu());
            }
        }

        Sequential model = [.. layers];
        Optimizer optimizer = arguments[1] switch
        {
            "sgd" => new SGD(model.Parameters(), learningRate: 0.01),
            "adam" => new Adam(model.Parameters(), learningRate: 0.0001),
            _ => throw new ArgumentException($"no optimizer is called {arguments[1]}"),
        };
        var inputs = Uniform((batch, widths[0]), 104729).Realize();
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

    private static Tensor Uniform((int Rows, int Columns) shape, long factor)
    {
        var values = new float[shape.Rows * shape.Columns];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = (float)((i * factor % 16001 / 16000.0) - 0.5);
        }

        return Tensor.From(values, shape);
    }
}
