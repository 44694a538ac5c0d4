using TensorCell.Kernels;

namespace TensorCell.Tensors.Tests;

// Reductions, operations along an axis, products.
internal sealed partial class RandomSteps
{
    private ProgramStep? Reduction()
    {
        int input = Node(node => node.Shape.Length > 0);
        if (input < 0)
        {
            return null;
        }

        if (random.Next(3) == 0)
        {
            return Along(input);
        }

        int[] shape = nodes[input].Shape;
        int[] axes = [.. Enumerable.Range(0, shape.Length).Where(_ => random.Next(2) == 0)];
        axes = axes.Length == 0 ? [.. Enumerable.Range(0, shape.Length)] : axes;
        bool keepDims = random.Next(2) == 0;
        int[] named = Array.ConvertAll(axes, axis => random.Next(2) == 0 ? axis : axis - shape.Length);
        int count = axes.Aggregate(1, (product, axis) => product * shape[axis]);
        DType type = nodes[input].Type;
        DType whole = type.IsFloatingPoint ? type : DType.Int64;
        DType real = type.IsFloatingPoint ? type : DType.Float64;
        double spread = PlainTensor.Unit(whole) * (4 + Math.Sqrt(count)) * count;
        switch (random.Next(isSmooth ? 4 : 8))
        {
            case 0:
                return Of("sum", x => x.Sum(named, keepDims), whole, of => of.Sum(), x => (count * x.Error) + (spread * x.Magnitude));
            case 1 when count > 0:
                return Of("mean", x => x.Mean(named, keepDims), real, of => of.Average(), x => x.Error + ((spread / count) * x.Magnitude));
            case 2 when count > 0:
                return Of("max", x => x.Max(named, keepDims), type, of => of.Max(), x => x.Error);
            case 3 when count > 0:
                return Of(
                    "var",
                    x => x.Var(named, keepDims),
                    real,
                    of => of.Average(number => Math.Pow(number - of.Average(), 2)),
                    x => (4 * x.Error * (x.Magnitude + x.Error)) + (8 * PlainTensor.Unit(real) * (4 + Math.Sqrt(count)) * x.Magnitude * x.Magnitude));
            case 4 when count > 0:
                return Of("min", x => x.Min(named, keepDims), type, of => of.Min(), x => x.Error);
            case 5 when !IsReal(nodes[input]):
                return Of("any", x => x.Any(named, keepDims), DType.Bool, of => of.Any(number => number != 0) ? 1 : 0, _ => 0);
            case 6 when !IsReal(nodes[input]):
                return Of("all", x => x.All(named, keepDims), DType.Bool, of => of.All(number => number != 0) ? 1 : 0, _ => 0);
            case 7 when !IsReal(nodes[input]) && count > 0 && axes.Length == 1:
                return Of("argmax", x => x.ArgMax(named[0], keepDims), DType.Int64, of => Enumerable.Range(0, of.Count).MaxBy(index => of[index]), _ => 0);
            default:
                return null;
        }

        ProgramStep Of(string name, Func<Tensor, Tensor> engine, DType result, Func<IReadOnlyList<double>, double> fold, Func<PlainTensor, double> error) => new(
            $"{name}([{string.Join(", ", named)}], {keepDims})",
            [input],
            x => engine(x[0]),
            x => PlainTensor.Of(
                Reference.Reduce(new Sample(null!, x[0].Shape, x[0].Numbers), axes, fold),
                keepDims ? [.. shape.Select((length, axis) => axes.Contains(axis) ? 1 : length)] : [.. shape.Where((_, axis) => !axes.Contains(axis))],
                result,
                error(x[0])));
    }

    /// <summary>What gives each line along an axis another of the same length.</summary>
    private ProgramStep? Along(int input)
    {
        int axis = random.Next(nodes[input].Shape.Length);
        int length = nodes[input].Shape[axis];
        DType type = nodes[input].Type;
        DType real = type.IsFloatingPoint ? type : DType.Float64;
        DType whole = type.IsFloatingPoint ? type : DType.Int64;
        double unit = PlainTensor.Unit(real);
        bool flag = random.Next(2) == 0;
        int named = flag ? axis : axis - nodes[input].Shape.Length;
        if (length == 0)
        {
            return null;
        }

        return random.Next(isSmooth ? 5 : 7) switch
        {
            0 => Of("softmax", x => x.Softmax(named), real, Softmax, x => (2 * x.Error) + (8 * unit * (1 + x.Magnitude))),
            1 => Of(
                "rms",
                x => x / (x.Square().Mean(named, keepDims: true) + 1).Sqrt(),
                real,
                of => [.. of.Select(number => number / Math.Sqrt(of.Average(other => other * other) + 1))],
                x => (4 * (1 + x.Magnitude) * x.Error) + (16 * unit * (4 + Math.Sqrt(length)) * (1 + x.Magnitude) * (1 + x.Magnitude))),
            2 => Of(
                "centred",
                x => x - x.Mean(named, keepDims: true),
                real,
                of => [.. of.Select(number => number - of.Average())],
                x => (2 * x.Error) + (unit * (8 + Math.Sqrt(length)) * x.Magnitude)),
            3 => Of(
                "cumsum",
                x => x.CumSum(named, flag),
                whole,
                of =>
                {
                    double sum = 0;
                    double[] sums = [.. (flag ? of.Reverse() : of).Select(number => sum += number)];
                    return flag ? [.. sums.Reverse()] : sums;
                },
                x => (length * x.Error) + (PlainTensor.Unit(whole) * length * (4 + Math.Sqrt(length)) * x.Magnitude)),
            4 => Of("flipped sum", x => x + x.Flip(named), type, of => [.. of.Zip(of.Reverse(), (first, second) => type == DType.Bool ? Math.Max(first, second) : first + second)], x => 2 * x.Error),
            5 => Of("sort", x => x.Sort(named, flag), type, of => [.. flag ? of.OrderDescending() : of.Order()], x => x.Error),
            _ => Of("cummax", x => x.CumMax(named), type, of => [.. of.Select((_, index) => of.Take(index + 1).Max())], x => x.Error),
        };

        ProgramStep? Of(string name, Func<Tensor, Tensor> engine, DType result, Func<double[], double[]> line, Func<PlainTensor, double> error)
        {
            bool isAccumulated = name == "cummax" && length > 200;
            return isAccumulated || (!type.IsFloatingPoint && name is "rms") ? null : new($"{name} along {named} {flag}", [input], x => engine(x[0]), x =>
            {
                double[] numbers = x[0].Numbers;
                double[] made = new double[numbers.Length];
                int after = x[0].Shape.Skip(axis + 1).Aggregate(1, (product, other) => product * other);
                for (int start = 0; start < numbers.Length; start++)
                {
                    if ((start / after) % length == 0)
                    {
                        double[] lined = line([.. Enumerable.Range(0, length).Select(index => numbers[start + (index * after)])]);
                        for (int index = 0; index < length; index++)
                        {
                            made[start + (index * after)] = lined[index];
                        }
                    }
                }

                return PlainTensor.Of(made, x[0].Shape, result, error(x[0]));
            });
        }

        static double[] Softmax(double[] of)
        {
            double greatest = of.Max();
            double sum = of.Sum(number => Math.Exp(number - greatest));
            return Array.ConvertAll(of, number => Math.Exp(number - greatest) / sum);
        }
    }

    private ProgramStep? Product()
    {
        int left = Node(node => node.Shape.Length is 2 or 3);
        int right = left < 0 ? -1 : Node(node => node.Shape.Length is 2 or 3);
        if (right < 0)
        {
            return null;
        }

        // The right one is turned where only then they fit.
        int inner = nodes[left].Shape[^1];
        bool isTurned = nodes[right].Shape[^2] != inner;
        int[] rightShape = isTurned ? [.. nodes[right].Shape[..^2], nodes[right].Shape[^1], nodes[right].Shape[^2]] : nodes[right].Shape;
        DType type = Promotion.Of(nodes[left].Type, nodes[right].Type);
        if (rightShape[^2] != inner || !Broadcasts(nodes[left].Shape[..^2], rightShape[..^2]))
        {
            return null;
        }

        int[] batch = Reference.Broadcast(nodes[left].Shape[..^2], rightShape[..^2]);
        int[] shape = [.. batch, nodes[left].Shape[^2], rightShape[^1]];
        if ((double)inner * shape.Aggregate(1.0, (count, length) => count * length) > 2e6)
        {
            return null;
        }

        double unit = PlainTensor.Unit(type) * (2 + Math.Sqrt(inner)) * inner;
        return new(isTurned ? "@ transposed" : "@", [left, right], x => x[0].MatMul(isTurned ? x[1].Transpose() : x[1]), x => PlainTensor.Of(
            [.. Reference.Indices(shape).Select(index => Enumerable.Range(0, inner).Sum(place => x[0].At([.. index[..^1], place])
                * (isTurned ? x[1].At([.. index[..^2], index[^1], place]) : x[1].At([.. index[..^2], place, index[^1]]))))],
            shape,
            type,
            (inner * ((x[0].Error * x[1].Magnitude) + (x[1].Error * x[0].Magnitude) + (x[0].Error * x[1].Error))) + (unit * x[0].Magnitude * x[1].Magnitude)));
    }
}
