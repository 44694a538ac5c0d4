using TensorCell.Kernels.Elementary;
using TensorCell.Kernels.Ir;

namespace TensorCell.Kernels.Simd;

/// <summary>Prepares the kernel compiler, whose first use in a process is slow.</summary>
public static unsafe class Warmup
{
    private const int Length = 64;

    /// <summary>
    /// Compiles and runs small kernels of the common kinds, so that the user's first one takes milliseconds. For the host to call on a background
    /// thread; harmless to call again.
    /// </summary>
    public static void Run()
    {
        var memory = stackalloc double[Length];
        new Span<double>(memory, Length).Clear();
        foreach (var type in (DType[])[DType.Float32, DType.Float64])
        {
            var x = Node.Parameter(0, type);
            Launch(memory, type, Arithmetic(type, type), Node.Unary(UnaryOperation.Tanh, x));
            Launch(memory, type, Node.Compare(Comparison.Greater, x, Node.Constant(type, 0)));
            foreach (var operation in (ReduceOperation[])[ReduceOperation.Sum, ReduceOperation.Max, ReduceOperation.Min])
            {
                var operand = new Operand((nint)memory, type, [type.Size]);
                Reduction.Run(KernelFunction.Create("warmup", [type], [], x), operation, [Length], [0], [operand], operand, []);
            }
        }

        // Values of two sizes in one kernel lie in vectors of two widths: so do f32 where a function has no form of its own for them.
        Launch(memory, DType.Float32, Arithmetic(DType.Float32, DType.Float64));
        Launch(memory, DType.Int64, Node.Binary(BinaryOperation.Add, Node.Parameter(0, DType.Int64), Node.Constant(1L)));
        WarmGrids();
        KernelFunction.From((float value) => value > 0 ? value : MathF.Exp(value) - 1);
        foreach (var operation in Enum.GetValues<UnaryOperation>().Where(ElementaryFunctions.IsComposed))
        {
            ElementaryFunctions.Expand(operation, Node.Parameter(0, DType.Float32));
        }
    }

    private static void Launch(void* memory, DType type, params Node[] results)
    {
        var inputs = (Operand[])[new((nint)memory, type, [type.Size])];
        var place = stackalloc double[Length * results.Length];
        Operand[] outputs = [.. results.Select((result, i) => new Operand((nint)(place + (i * Length)), result.Type, [result.Type.Size]))];
        Elementwise.Run(KernelFunction.Create("warmup", [type], [type], results), [Length], inputs, outputs, [Scalar.From(type, 1)]);
    }

    /// <summary>The operations that most kernels are made of, of inputs of one type in another.</summary>
    private static Node Arithmetic(DType own, DType type)
    {
        var x = Node.Convert(Node.Parameter(0, own), type);
        var factor = Node.Convert(Node.Uniform(0, own), type);
        var scaled = Node.Binary(BinaryOperation.Add, Node.Binary(BinaryOperation.Multiply, x, factor), Node.Constant(type, 1));
        var value = scaled;
        foreach (var operation in (BinaryOperation[])[BinaryOperation.Subtract, BinaryOperation.Divide, BinaryOperation.Min, BinaryOperation.Max])
        {
            value = Node.Binary(operation, value, x);
        }

        foreach (var operation in (UnaryOperation[])[UnaryOperation.Abs, UnaryOperation.Sqrt, UnaryOperation.Exp, UnaryOperation.Log])
        {
            value = Node.Unary(operation, value);
        }

        return Node.Convert(Node.Select(Node.Compare(Comparison.Less, x, scaled), value, Node.Unary(UnaryOperation.Negate, x)), own);
    }

    /// <summary>Kernels over index spaces with all that is common: branches and loops, uniform and divergent, edges, scattered elements, groups.</summary>
    private static void WarmGrids()
    {
        var (values, counts) = (new float[8, Length * 8], new int[Length * 8]);
        var kernel = GridKernel.Compile(Sample);
        kernel.Launch((8, Length * 8), values, counts, 1.5f, 3);
        kernel.Launch((8, Length), values, counts, 1.5f, 3);
    }

    private static void Sample(Index2 i, View2<float> values, View<int> counts, float factor, int limit)
    {
        var sum = 0f;
        for (var k = 0; k < limit; k++)
        {
            sum += factor * values[k, i.X];
        }

        var n = 0;
        while (n < limit && sum < 10)
        {
            sum = MathF.Sqrt(sum + n) + (n % limit);
            n++;
        }

        if (i.X > 0 && i.X < values.GetLength(1) - 1)
        {
            values[i.Y, i.X] = sum + values[i.Y, i.X - 1] + counts[n];
        }
    }
}
