using TensorCell.Data;
using TensorCell.Kernels;
using TensorCell.Tensors;

namespace TensorCell.Learning.Tests;

/// <summary>Data sets and models that several tests use.</summary>
internal static class Samples
{
    /// <summary>Points on arms that wind about each other; which arm is the label.</summary>
    public static (Tensor Inputs, Tensor Labels) Spirals(int perClass, int classes = 2, double noise = 0.05, int seed = 3)
    {
        Random random = new(seed);
        float[,] points = new float[perClass * classes, 2];
        long[] labels = new long[perClass * classes];
        for (int row = 0; row < labels.Length; row++)
        {
            labels[row] = row % classes;
            double radius = 0.1 + (0.9 * random.NextDouble());
            double angle = (4 * radius) + (2 * Math.PI * labels[row] / classes);
            points[row, 0] = (float)((radius * Math.Cos(angle)) + (noise * (random.NextDouble() - 0.5)));
            points[row, 1] = (float)((radius * Math.Sin(angle)) + (noise * (random.NextDouble() - 0.5)));
        }

        return (Tensor.From(points), Tensor.From(labels));
    }

    /// <summary>A classifier of points.</summary>
    public static Sequential Classifier(int classes = 2, ulong seed = 1) =>
    [
        new Linear(2, 32, seed: seed),
        new Relu(),
        new Linear(32, 32, seed: seed + 1),
        new Relu(),
        new Linear(32, classes, seed: seed + 2),
    ];

    /// <summary>A trainer of a classifier of spirals, always the same.</summary>
    public static Trainer Trainer(Func<Module, Optimizer>? optimizer = null, int batchSize = 32)
    {
        (Tensor inputs, Tensor labels) = Spirals(100);
        Sequential model = Classifier();
        return new Trainer(
            model, new DataLoader(inputs, labels, batchSize, seed: 5), Loss.CrossEntropy, optimizer?.Invoke(model) ?? new Adam(model.Parameters(), 0.01));
    }

    /// <summary>All parameters of a module, one after the other.</summary>
    public static float[] Numbers(Module module) =>
        [.. module.Parameters().SelectMany(parameter => parameter.Detach().To(DType.Float32).ToArray<float>())];
}
