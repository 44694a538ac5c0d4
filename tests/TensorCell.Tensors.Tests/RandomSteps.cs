using TensorCell.Kernels;

namespace TensorCell.Tensors.Tests;

/// <summary>Random operations on the tensors of a program, by kind.</summary>
/// <param name="random">Where choices come from.</param>
/// <param name="nodes">The tensors so far.</param>
/// <param name="isSmooth">Whether only what has a derivative nearly everywhere, in f64, is wanted.</param>
internal sealed partial class RandomSteps(Random random, IReadOnlyList<PlainTensor> nodes, bool isSmooth)
{
    private static readonly DType[] types = Enum.GetValues<DType>();

    /// <summary>A random step; null if what was thought of does not fit the tensors.</summary>
    public ProgramStep? Next() => random.Next(isSmooth ? 8 : 11) switch
    {
        0 => Unary(),
        1 or 2 => Binary(),
        3 => Reduction(),
        4 or 5 => View(),
        6 => Rearrangement(),
        7 => Product(),
        8 => Truth(),
        9 => Conversion(),
        _ => Write(),
    };

    private T Any<T>(IReadOnlyList<T> of) => of[random.Next(of.Count)];

    /// <summary>A tensor, of the later ones more often, that fits; -1 if there is none.</summary>
    private int Node(Func<PlainTensor, bool> isFit)
    {
        for (int trial = 0; trial < 12; trial++)
        {
            int node = random.Next(3) == 0 ? random.Next(nodes.Count) : Math.Max(0, nodes.Count - 1 - random.Next(6));
            if (isFit(nodes[node]))
            {
                return node;
            }
        }

        return -1;
    }

    private static bool IsReal(PlainTensor node) => node.Type.IsFloatingPoint;

    private static bool Broadcasts(int[] left, int[] right) =>
        left.Reverse().Zip(right.Reverse()).All(pair => pair.First == pair.Second || pair.First == 1 || pair.Second == 1);

    private static PlainTensor? Map(PlainTensor x, DType type, double error, Func<double, double> function) =>
        PlainTensor.Of(Array.ConvertAll(x.Numbers, number => function(number)), x.Shape, type, error);

    private static PlainTensor? Map(DType type, double error, Func<double[], double> function, params PlainTensor[] inputs)
    {
        int[] shape = Reference.Broadcast([.. inputs.Select(input => input.Shape)]);
        if (shape.Aggregate(1L, (count, length) => count * length) > 400_000)
        {
            return null;
        }

        return PlainTensor.Of([.. Reference.Indices(shape).Select(index => function(Array.ConvertAll(inputs, input => input.At(index))))], shape, type, error);
    }

    private ProgramStep? Unary()
    {
        int input = Node(IsReal);
        if (input < 0)
        {
            return Integers();
        }

        (string Name, Func<Tensor, Tensor> Engine, Func<double, double> Plain, double Slope) chosen = Any<(string Name, Func<Tensor, Tensor> Engine, Func<double, double> Plain, double Slope)>(
        [
            ("tanh", x => x.Tanh(), Math.Tanh, 1.0),
            ("sin", x => x.Sin(), Math.Sin, 1),
            ("cos", x => x.Cos(), Math.Cos, 1),
            ("abs", x => x.Abs(), Math.Abs, 1),
            ("negate", x => -x, x => -x, 1),
            ("relu", x => x.Relu(), x => Math.Max(x, 0), 1),
            ("sigmoid", x => x.Sigmoid(), x => 1 / (1 + Math.Exp(-x)), 1),
            ("atan", x => x.Atan(), Math.Atan, 1),
            ("silu", x => x.Silu(), x => x / (1 + Math.Exp(-x)), 1.2),
            ("softplus", x => x.Softplus(), x => Math.Max(x, 0) + Math.Log(1 + Math.Exp(-Math.Abs(x))), 1),
            ("asinh", x => x.Asinh(), Math.Asinh, 1),
            ("square", x => x.Square(), x => x * x, 2 * nodes[input].Magnitude),
            ("root", x => (x.Abs() + 0.5).Sqrt(), x => Math.Sqrt(Math.Abs(x) + 0.5), 1),
            ("logarithm", x => (x.Abs() + 1).Log(), x => Math.Log(Math.Abs(x) + 1), 1),
            ("exp", x => (-x.Abs()).Exp(), x => Math.Exp(-Math.Abs(x)), 1),
            ("times", x => x * 1.5, x => x * 1.5, 1.5),
            ("minus from", x => 2 - x, x => 2 - x, 1),
            ("clamp", x => x.Clamp(-1, 1.5), x => Math.Clamp(x, -1, 1.5), 1),
            ("leaky", x => x.LeakyRelu(0.1), x => x < 0 ? 0.1 * x : x, 1),
        ]);

        // Some compute with the number itself on the way: halves are rounded at each step.
        return new(chosen.Name, [input], x => chosen.Engine(x[0]), x => Map(
            x[0], x[0].Type, (chosen.Slope * x[0].Error) + (4 * PlainTensor.Unit(x[0].Type) * (1 + x[0].Magnitude)), chosen.Plain));
    }

    private ProgramStep? Integers()
    {
        int input = Node(node => node.Type is not DType.Bool && !IsReal(node));
        if (input < 0)
        {
            return null;
        }

        (string Name, Func<Tensor, Tensor> Engine, Func<double, double> Plain) chosen = Any<(string Name, Func<Tensor, Tensor> Engine, Func<double, double> Plain)>(
        [
            ("negate", x => -x, x => -x),
            ("square", x => x.Square(), x => x * x),
            ("plus 3", x => x + 3, x => x + 3.0),
            ("times 5", x => x * 5, x => x * 5.0),
            ("modulo 7", x => x.Modulo(7), x => x - (7 * Math.Floor(x / 7))),
            ("sign", x => x.Sign(), x => Math.Sign(x)),
        ]);
        return new(chosen.Name, [input], x => chosen.Engine(x[0]), x => Map(x[0], x[0].Type, 0, chosen.Plain));
    }

    private ProgramStep? Binary()
    {
        int left = Node(node => node.Type != DType.Bool);
        int right = left < 0 ? -1 : Node(node => node.Type != DType.Bool && Broadcasts(node.Shape, nodes[left].Shape));
        if (right < 0)
        {
            return null;
        }

        DType type = Promotion.Of(nodes[left].Type, nodes[right].Type);
        double unit = PlainTensor.Unit(type);
        switch (random.Next(IsReal(nodes[left]) && IsReal(nodes[right]) ? 7 : 5))
        {
            case 0:
                return Of("+", (x, y) => x + y, (x, y) => x + y, (x, y) => x.Error + y.Error);
            case 1:
                return Of("-", (x, y) => x - y, (x, y) => x - y, (x, y) => x.Error + y.Error);
            case 2:
                return Of("*", (x, y) => x * y, (x, y) => x * y, Product);
            case 3:
                return Of("maximum", Tensor.Maximum, Math.Max, (x, y) => Math.Max(x.Error, y.Error));
            case 4:
                return Of("minimum", Tensor.Minimum, Math.Min, (x, y) => Math.Max(x.Error, y.Error));
            case 5:
                return Of("/", (x, y) => x / (y.Abs() + 1), (x, y) => x / (Math.Abs(y) + 1), (x, y) => x.Error + ((y.Error + (unit * (2 + y.Magnitude))) * x.Magnitude));
            default:
                return Of("lerp", (x, y) => (x * 0.25) + (y * 0.75), (x, y) => (x * 0.25) + (y * 0.75), (x, y) => x.Error + y.Error + (unit * (x.Magnitude + y.Magnitude)));
        }

        static double Product(PlainTensor x, PlainTensor y) => (x.Error * y.Magnitude) + (y.Error * x.Magnitude) + (x.Error * y.Error);

        ProgramStep Of(string name, Func<Tensor, Tensor, Tensor> engine, Func<double, double, double> plain, Func<PlainTensor, PlainTensor, double> error) => new(
            name, [left, right], x => engine(x[0], x[1]), x => Map(type, error(x[0], x[1]) + (unit * (x[0].Magnitude + x[1].Magnitude)), of => plain(of[0], of[1]), x));
    }

    private ProgramStep? Truth()
    {
        int left = Node(_ => true);
        int right = left < 0 ? -1 : Node(node => Broadcasts(node.Shape, nodes[left].Shape) && (node.Type == DType.Bool) == (nodes[left].Type == DType.Bool));
        if (right < 0)
        {
            return null;
        }

        if (nodes[left].Type != DType.Bool)
        {
            return Any<Func<ProgramStep?>>([() => Of(">", (x, y) => x > y, (x, y) => x > y), () => Of("<=", (x, y) => x <= y, (x, y) => x <= y), () => Of("==", (x, y) => x.EqualTo(y), (x, y) => x == y), Chosen])();
        }

        return Any<Func<ProgramStep>>([() => Of("&", (x, y) => x & y, (x, y) => x + y == 2), () => Of("or", (x, y) => x | y, (x, y) => x + y > 0), () => Of("^", (x, y) => x ^ y, (x, y) => x != y)])();

        ProgramStep Of(string name, Func<Tensor, Tensor, Tensor> engine, Func<double, double, bool> plain) => new(name, [left, right], x => engine(x[0], x[1]), x =>
        {
            double error = x[0].Error + x[1].Error;
            bool isClear = true;
            PlainTensor? truth = Map(
                DType.Bool,
                0,
                of =>
                {
                    isClear &= error == 0 || Math.Abs(of[0] - of[1]) > error;
                    return plain(of[0], of[1]) ? 1 : 0;
                },
                x);

            // The types may round one of two equal numbers.
            return isClear && (x[0].Type == x[1].Type || error == 0 && !IsReal(x[0]) && !IsReal(x[1])) ? truth : null;
        });

        ProgramStep? Chosen()
        {
            int condition = Node(node => node.Type == DType.Bool && Broadcasts(node.Shape, Reference.Broadcast(nodes[left].Shape, nodes[right].Shape)));
            return condition < 0 ? null : new("where", [condition, left, right], x => Tensor.Where(x[0], x[1], x[2]), x => Map(
                Promotion.Of(x[1].Type, x[2].Type), Math.Max(x[1].Error, x[2].Error), of => of[0] != 0 ? of[1] : of[2], x));
        }
    }

    private ProgramStep? Conversion()
    {
        int input = Node(_ => true);
        DType type = Any(types);
        return nodes[input].Type == type ? null : new($"to {type.Name}", [input], x => x[0].To(type), x =>
        {
            if (IsReal(x[0]) && !type.IsFloatingPoint)
            {
                double most = type switch { DType.UInt8 => 255, DType.Int8 => 127, _ => 1e9 };
                double least = type is DType.UInt8 ? 0 : -most;
                double error = x[0].Error;
                bool isClear = type == DType.Bool
                    ? x[0].Numbers.All(number => error == 0 || Math.Abs(number) > error)
                    : x[0].Numbers.All(number => number > least && number < most && (error == 0 || (Math.Abs(number - Math.Round(number)) > error)));
                return isClear ? Map(x[0], type, 0, type == DType.Bool ? number => number : Math.Truncate) : null;
            }

            return Map(x[0], type, x[0].Error, number => number);
        });
    }
}
