using TensorCell.Kernels;

namespace TensorCell.Tensors.Tests;

/// <summary>Random tensors of random shapes, half of them views, with their elements as doubles beside them.</summary>
internal sealed class Samples(int seed)
{
    /// <summary>Where choices come from.</summary>
    public Random Random { get; } = new(seed);

    /// <summary>A shape of at most four axes, now and then with an axis of length 1 or 0.</summary>
    public int[] Shape(bool canBeEmpty = true)
    {
        int[] shape = new int[Random.Next(5)];
        for (int axis = 0; axis < shape.Length; axis++)
        {
            shape[axis] = Random.Next(12) switch
            {
                0 when canBeEmpty => 0,
                < 3 => 1,
                < 11 => Random.Next(2, 7),
                _ => Random.Next(15, 40),
            };
        }

        return shape;
    }

    /// <summary>A shape that broadcasts to another: leading axes missing, some lengths 1.</summary>
    public int[] BroadcastableTo(int[] shape) =>
        [.. shape.Skip(Random.Next(shape.Length + 1)).Select(length => Random.Next(3) == 0 ? 1 : length)];

    /// <summary>A tensor of numbers between two bounds; half the time a view with odd strides.</summary>
    public Sample Tensor(int[] shape, DType dtype, double low, double high)
    {
        Tensor tensor = Random.Next(2) == 0 ? Stored(shape, dtype, low, high) : View(shape, dtype, low, high);
        return new Sample(tensor, shape, tensor.To(DType.Float64).ToArray<double>());
    }

    private Tensor Stored(int[] shape, DType dtype, double low, double high)
    {
        double[] numbers = new double[shape.Aggregate(1, (count, length) => count * length)];
        for (int index = 0; index < numbers.Length; index++)
        {
            double number = low + ((high - low) * Random.NextDouble());
            numbers[index] = dtype.IsFloatingPoint ? number : Math.Round(number);
        }

        return TensorCell.Tensors.Tensor.From<double>(numbers, TensorCell.Tensors.Shape.Of(shape)).To(dtype).Realize();
    }

    private Tensor View(int[] shape, DType dtype, double low, double high)
    {
        int[] order = [.. Enumerable.Range(0, shape.Length).OrderBy(_ => Random.Next())];
        int[] steps = [.. shape.Select(_ => Random.Next(-2, 3)).Select(step => step == 0 ? 1 : step)];
        int[] larger = new int[shape.Length];
        TensorIndex[] indices = new TensorIndex[shape.Length];
        for (int axis = 0; axis < shape.Length; axis++)
        {
            int first = Random.Next(3);
            int span = shape[axis] == 0 ? 0 : ((shape[axis] - 1) * Math.Abs(steps[axis])) + 1;
            larger[axis] = first + span + Random.Next(3);
            indices[axis] = TensorIndex.Every(steps[axis], first..(first + span));
        }

        // The stored axes lie in another order; inverting it gives the wanted shape back.
        int[] inverse = new int[shape.Length];
        int[] stored = new int[shape.Length];
        for (int axis = 0; axis < shape.Length; axis++)
        {
            inverse[order[axis]] = axis;
            stored[axis] = larger[order[axis]];
        }

        return Stored(stored, dtype, low, high).Permute(inverse)[indices];
    }
}

/// <summary>A tensor and what it holds.</summary>
/// <param name="Tensor">The tensor.</param>
/// <param name="Shape">Its shape.</param>
/// <param name="Numbers">Its elements in row-major order.</param>
internal sealed record Sample(Tensor Tensor, int[] Shape, double[] Numbers);
