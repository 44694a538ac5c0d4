using TensorCell.Kernels;

namespace TensorCell.Tensors.Tests;

/// <summary>
/// A random program over a few tensors of random shapes and types: operations, views, and writes in place, with now and then a tensor that is read
/// before the end. It can be run any number of times, and knows what every tensor is to hold.
/// </summary>
internal sealed class RandomProgram
{
    private readonly List<(PlainTensor Plain, double[] Numbers)> leaves = [];
    private readonly List<PlainTensor> nodes = [];
    private readonly List<(ProgramStep Step, bool IsRead)> steps = [];
    private readonly int[] readingOrder;

    /// <param name="seed">Which program.</param>
    /// <param name="isSmooth">Whether it is of f64 alone, and of what has a derivative.</param>
    public RandomProgram(int seed, bool isSmooth)
    {
        Seed = seed;
        Random random = new(seed);
        int[] shape = random.Next(12) == 0 && !isSmooth ? [random.Next(100, 200), random.Next(300, 700)]
            : [.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => random.Next(10) == 0 ? 1 : random.Next(2, isSmooth ? 5 : random.Next(12) == 0 ? 40 : 9))];
        DType main = random.Next(2) == 0 ? DType.Float32 : (DType)random.Next(9);
        for (int leaf = random.Next(2, 5); leaf > 0; leaf--)
        {
            int[] own = [.. shape.Skip(random.Next(3) == 0 ? random.Next(shape.Length) : 0).Select(length => random.Next(5) == 0 ? 1 : length)];
            DType type = isSmooth ? DType.Float64 : random.Next(2) == 0 ? main : (DType)random.Next(9);
            double[] numbers = [.. Enumerable.Range(0, own.Aggregate(1, (count, length) => count * length)).Select(_ => isSmooth ? (random.NextDouble() * 4) - 2 : Number(random, type))];
            nodes.Add(PlainTensor.Of([.. numbers], own, type, 0)!);
            nodes[^1].Memory.Error = 0;
            leaves.Add((nodes[^1], numbers));
        }

        RandomSteps made = new(random, nodes, isSmooth);
        int wanted = random.Next(3, isSmooth ? 14 : 26);
        for (int trial = 0; trial < 150 && steps.Count < wanted; trial++)
        {
            if (made.Next() is { } step && step.Plain([.. step.Inputs.Select(input => nodes[input])]) is { } result)
            {
                steps.Add((step, random.Next(7) == 0));
                if (!step.IsWrite)
                {
                    nodes.Add(result);
                }
            }
        }

        readingOrder = [.. Enumerable.Range(0, nodes.Count).OrderBy(_ => random.Next())];
    }

    /// <summary>Which program.</summary>
    public int Seed { get; }

    /// <summary>What the tensors hold at its end.</summary>
    public IReadOnlyList<PlainTensor> Expected => nodes;

    /// <summary>How many of the tensors it begins with.</summary>
    public int LeafCount => leaves.Count;

    /// <summary>Runs it.</summary>
    /// <param name="isEager">Whether every operation is computed by itself.</param>
    /// <param name="requiresGrad">Whether the tensors it begins with require gradients.</param>
    public Tensor[] Run(bool isEager, bool requiresGrad = false)
    {
        List<Tensor> made = [];
        foreach ((PlainTensor plain, double[] numbers) in leaves)
        {
            made.Add(Tensor.From<double>([.. numbers], Shape.Of(plain.Shape)).To(plain.Type).Clone());
            made[^1].RequiresGrad = requiresGrad;
        }

        foreach ((ProgramStep step, bool isRead) in steps)
        {
            if (step.IsBarrier)
            {
                Tensor.RealizeAll([.. made]);
            }

            Tensor result = step.Engine([.. step.Inputs.Select(input => made[input])]);
            if (isRead || isEager)
            {
                result.Realize();
            }

            if (!step.IsWrite)
            {
                made.Add(result);
            }
        }

        return [.. made];
    }

    /// <summary>Reads the tensors of a run, in an order of the program's.</summary>
    public NumPyArray[] Read(Tensor[] tensors)
    {
        NumPyArray[] arrays = new NumPyArray[tensors.Length];
        foreach (int node in readingOrder)
        {
            arrays[node] = NumPyArray.Of(tensors[node]);
        }

        return arrays;
    }

    /// <summary>The sum of all elements of all tensors, each with a weight of its own.</summary>
    public static Tensor Objective(Tensor[] tensors)
    {
        Tensor sum = Tensor.Zeros(default, DType.Float64);
        for (int node = 0; node < tensors.Length; node++)
        {
            double[] weights = [.. Enumerable.Range(0, (int)tensors[node].Count).Select(index => Weight(node, index))];
            sum += (tensors[node] * Tensor.From(weights, tensors[node].Shape)).Sum();
        }

        return sum;
    }

    /// <summary>The derivative of <see cref="Objective"/> along a direction, by differences of the plain tensors.</summary>
    /// <param name="direction">For each tensor it begins with, a number for each element.</param>
    /// <param name="step">How far to go.</param>
    /// <returns>Null where it cannot be had.</returns>
    public double? Slope(double[][] direction, double step) => ObjectiveAt(direction, step) - ObjectiveAt(direction, -step) is { } difference ? difference / (2 * step) : null;

    /// <inheritdoc/>
    public override string ToString()
    {
        List<string> lines = [$"program {Seed}", .. leaves.Select((leaf, index) => $"{index} = {leaf.Plain.Type.Name}[{string.Join(", ", leaf.Plain.Shape)}]")];
        int number = leaves.Count;
        foreach ((ProgramStep step, bool isRead) in steps)
        {
            string name = step.IsWrite ? "write" : $"{number++} =";
            string made = step.IsWrite ? "" : $": {nodes[number - 1].Type.Name}[{string.Join(", ", nodes[number - 1].Shape)}]";
            lines.Add($"{name} {step.Text} ({string.Join(", ", step.Inputs)}){made}{(isRead ? ", read" : "")}");
        }

        return string.Join('\n', lines);
    }

    private static double Weight(int node, int index) => Math.Sin((node * 1.7) + (index * 0.9) + 0.3);

    private static double Number(Random random, DType type) => type switch
    {
        DType.Bool => random.Next(2),
        DType.UInt8 => random.Next(10) == 0 ? random.Next(256) : random.Next(7),
        DType.Int8 or DType.Int32 or DType.Int64 => random.Next(10) == 0 ? random.Next(-128, 128) : random.Next(-6, 7),
        _ => random.Next(-64, 65) / 16.0,
    };

    private double? ObjectiveAt(double[][] direction, double distance)
    {
        List<PlainTensor> made = [];
        foreach (((PlainTensor plain, double[] numbers), double[] along) in leaves.Zip(direction))
        {
            made.Add(PlainTensor.Of([.. numbers.Zip(along, (number, part) => number + (part * distance))], plain.Shape, plain.Type, 0)!);
        }

        foreach ((ProgramStep step, _) in steps)
        {
            if (step.Plain([.. step.Inputs.Select(input => made[input])]) is not { } result)
            {
                return null;
            }

            made.Add(result);
        }

        return made.Select((tensor, node) => tensor.Numbers.Select((number, index) => number * Weight(node, index)).Sum()).Sum();
    }
}
