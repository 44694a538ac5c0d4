using TensorCell.Tensors;

namespace TensorCell.Benchmarks.Worker;

/// <summary>What the suite <c>nn</c> does with images.</summary>
public static class ImageWork
{
    /// <summary>Makes the inputs of a case; the function computes its result.</summary>
    /// <param name="name">The case.</param>
    /// <param name="sizes">Images, channels, height and width; of a convolution channels out, the kernel's side and the padding; of a pooling its side.</param>
    public static Func<Tensor> Create(string name, int[] sizes)
    {
        Shape shape = Shape.Of(sizes[..4]);
        if (name == "maxpool")
        {
            var signed = TensorInputs.Uniform(shape, 8, -4);
            return () => signed.MaxPool2D(sizes[4]);
        }

        var (outputs, kernel, padding) = (sizes[4], sizes[5], sizes[6]);
        Tensor x = TensorInputs.Uniform(shape), weights = TensorInputs.Uniform([outputs, sizes[1], kernel, kernel], input: 1);
        var bias = TensorInputs.Uniform(outputs, input: 2);
        return () => x.Conv2D(weights, bias, padding: padding);
    }
}
