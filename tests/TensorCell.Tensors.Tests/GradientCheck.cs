using TensorCell.Kernels;

namespace TensorCell.Tensors.Tests;

/// <summary>Compares gradients with central finite differences in double precision.</summary>
internal static class GradientCheck
{
    /// <summary>Checks the gradient of a function with respect to every input, element by element, for a random weighting of its results.</summary>
    /// <param name="function">Smooth around the inputs.</param>
    /// <param name="inputs">f64 samples, stored or views.</param>
    public static void Run(Func<Tensor[], Tensor> function, params Sample[] inputs) => Run(function, 1e-6, inputs);

    /// <inheritdoc cref="Run(Func{Tensor[], Tensor}, Sample[])"/>
    /// <param name="function">Smooth around the inputs.</param>
    /// <param name="tolerance">Allowed error, relative to the greater of 1 and the derivative.</param>
    /// <param name="inputs">f64 samples, stored or views.</param>
    public static void Run(Func<Tensor[], Tensor> function, double tolerance, params Sample[] inputs)
    {
        Tensor[] parameters = [.. inputs.Select(input => input.Tensor.Detach())];
        foreach (Tensor parameter in parameters)
        {
            parameter.RequiresGrad = true;
        }

        Tensor result = function(parameters);
        Assert.True(result.RequiresGrad, "the result requires no gradient");
        Tensor weights = Tensor.Random(99).Uniform(result.Shape, -1, 1, DType.Float64).Realize();
        Tensor objective = (result * weights).Sum();
        Tensor[] gradients = Tensor.GradientsOf(objective, parameters);
        objective.Backward();
        for (int position = 0; position < inputs.Length; position++)
        {
            Sample input = inputs[position];
            Assert.Equal(input.Tensor.Shape, gradients[position].Shape);
            double[] found = gradients[position].ToArray<double>();
            double[] kept = parameters[position].Grad?.ToArray<double>() ?? new double[found.Length];
            Assert.All(found.Zip(kept), pair => Assert.Equal(pair.First, pair.Second, 1e-11 * Math.Max(1, Math.Abs(pair.First))));
            for (int element = 0; element < found.Length; element++)
            {
                double step = 6e-6 * Math.Max(1, Math.Abs(input.Numbers[element]));
                double expected = (Objective(step) - Objective(-step)) / (2 * step);
                double bound = tolerance * Math.Max(1, Math.Abs(expected));
                Assert.True(
                    Math.Abs(found[element] - expected) <= bound,
                    $"input {position + 1} of {inputs.Length}, element {element} of {input.Tensor.Shape}: gradient {found[element]:R}, by differences {expected:R}");

                double Objective(double change)
                {
                    double[] numbers = [.. input.Numbers];
                    numbers[element] += change;
                    Tensor[] changed = [.. inputs.Select(other => other.Tensor)];
                    changed[position] = Tensor.From<double>(numbers, Shape.Of(input.Shape));
                    return (function(changed) * weights).Sum().ToDouble();
                }
            }
        }
    }
}
