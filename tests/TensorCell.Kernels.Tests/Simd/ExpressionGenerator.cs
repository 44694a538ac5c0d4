using TensorCell.Kernels.Ir;

namespace TensorCell.Kernels.Tests.Simd;

/// <summary>Random kernel functions over all types, operations and sharing.</summary>
internal sealed class ExpressionGenerator(Random random)
{
    private static readonly DType[] types = [DType.Float32, DType.Float64, DType.Int32, DType.Int64, DType.Bool];
    private readonly List<Node> nodes = [];

    /// <summary>A function of up to four inputs, three uniforms and two results.</summary>
    public KernelFunction Next(int size)
    {
        nodes.Clear();
        // Kernels of one type are the common ones; mixed ones have lanes of two sizes.
        var used = random.Next(3) == 0 ? types : [types[random.Next(4)], DType.Bool];
        DType[] parameters = [.. Enumerable.Range(0, random.Next(1, 5)).Select(_ => used[random.Next(used.Length)])];
        DType[] uniforms = [.. Enumerable.Range(0, random.Next(0, 4)).Select(_ => used[random.Next(used.Length)])];
        nodes.AddRange(parameters.Select((type, i) => Node.Parameter(i, type)));
        nodes.AddRange(uniforms.Select((type, i) => Node.Uniform(i, type)));
        foreach (var type in used)
        {
            nodes.Add(Node.Constant(type, random.Next(-3, 4)));
            nodes.Add(Node.Constant(type, type.IsFloatingPoint ? (random.NextDouble() * 4) - 2 : 1));
        }

        for (var i = 0; i < size; i++)
        {
            nodes.Add(Operation(used[random.Next(used.Length)]));
        }

        return KernelFunction.Create("random", parameters, uniforms, [.. nodes[^random.Next(1, 3)..]]);
    }

    /// <summary>A value, among them those where operations are most often wrong.</summary>
    public Scalar Value(DType type) => type switch
    {
        DType.Float32 => (Scalar)(random.Next(8) == 0 ? Special32() : (float)((random.NextDouble() - 0.5) * Math.ScaleB(1, random.Next(-3, 12)))),
        DType.Float64 => (Scalar)(random.Next(8) == 0 ? (double)Special32() : (random.NextDouble() - 0.5) * Math.ScaleB(1, random.Next(-3, 12))),
        DType.Int32 => (Scalar)(random.Next(8) == 0 ? random.Next(int.MinValue, int.MaxValue) : random.Next(-20, 20)),
        DType.Int64 => (Scalar)(random.Next(8) == 0 ? random.NextInt64(long.MinValue, long.MaxValue) : random.Next(-20, 20)),
        _ => (Scalar)(random.Next(2) == 0),
    };

    private float Special32() => random.Next(7) switch
    {
        0 => 0f,
        1 => -0f,
        2 => float.NaN,
        3 => float.PositiveInfinity,
        4 => float.NegativeInfinity,
        5 => float.Epsilon,
        _ => float.MaxValue,
    };

    private Node Any(DType type) => nodes.Where(node => node.Type == type).ToArray() is { Length: > 0 } fitting
        ? fitting[^(1 + Math.Min(random.Next(fitting.Length), random.Next(fitting.Length)))]
        : Node.Constant(type, 1);

    private Node Operation(DType type) => type switch
    {
        DType.Bool => Boolean(),
        _ when type.IsFloatingPoint => Real(type),
        _ => Integer(type),
    };

    private Node Boolean()
    {
        var compared = nodes[random.Next(nodes.Count)].Type;
        return random.Next(6) switch
        {
            0 => Node.Unary(UnaryOperation.Not, Any(DType.Bool)),
            1 => Node.Binary((BinaryOperation)((int)BinaryOperation.And + random.Next(3)), Any(DType.Bool), Any(DType.Bool)),
            2 => Node.Select(Any(DType.Bool), Any(DType.Bool), Any(DType.Bool)),
            3 => Node.Convert(Any(compared), DType.Bool),
            _ => Node.Compare((Comparison)random.Next(compared == DType.Bool ? 2 : 6), Any(compared), Any(compared)),
        };
    }

    private Node Real(DType type) => random.Next(10) switch
    {
        0 => Node.Unary((UnaryOperation)((int[])[0, 1, 3, 4, 5, 6, 7])[random.Next(7)], Any(type)),
        1 => Node.Select(Any(DType.Bool), Any(type), Any(type)),
        2 => Node.FusedMultiplyAdd(Any(type), Any(type), Any(type)),
        3 => Node.Binary(random.Next(2) == 0 ? BinaryOperation.Min : BinaryOperation.Max, Any(type), Any(type)),
        4 => Node.Convert(Any(nodes[random.Next(nodes.Count)].Type), type),
        5 => Node.BitCast(Any(type == DType.Float32 ? DType.Int32 : DType.Int64), type),
        6 when random.Next(4) == 0 => Node.Binary(BinaryOperation.Remainder, Any(type), Any(type)),
        _ => Node.Binary((BinaryOperation)random.Next(4), Any(type), Any(type)),
    };

    private Node Integer(DType type) => random.Next(10) switch
    {
        0 => Node.Unary(((UnaryOperation[])[UnaryOperation.Negate, UnaryOperation.Abs, UnaryOperation.Not, UnaryOperation.PopCount, UnaryOperation.LeadingZeroCount])[random.Next(5)], Any(type)),
        1 => Node.Select(Any(DType.Bool), Any(type), Any(type)),
        2 => Node.Binary(((BinaryOperation[])[BinaryOperation.Divide, BinaryOperation.Remainder, BinaryOperation.DivideUnsigned, BinaryOperation.RemainderUnsigned])[random.Next(4)], Any(type), NotZero(Any(type))),
        3 => Node.Binary(random.Next(2) == 0 ? BinaryOperation.Min : BinaryOperation.Max, Any(type), Any(type)),
        4 => Node.Convert(Any(nodes[random.Next(nodes.Count)].Type), type),
        5 => Node.BitCast(Any(type == DType.Int32 ? DType.Float32 : DType.Float64), type),
        6 => Node.Binary((BinaryOperation)((int)BinaryOperation.And + random.Next(3)), Any(type), Any(type)),
        7 => Node.Binary((BinaryOperation)((int)BinaryOperation.ShiftLeft + random.Next(3)), Any(type), random.Next(2) == 0 ? Any(type) : Node.Constant(type, random.Next(64))),
        _ => Node.Binary((BinaryOperation)random.Next(3), Any(type), Any(type)),
    };

    private static Node NotZero(Node node) => Node.Binary(BinaryOperation.Or, node, Node.Constant(node.Type, 1));
}
