using TensorCell.Kernels.Ir;

namespace TensorCell.Kernels.Simd;

/// <summary>Prepares the kernel compiler, whose first use in a process is slow.</summary>
public static unsafe class Warmup
{
    /// <summary>
    /// Compiles and runs small kernels of the common kinds, so that the user's first one takes milliseconds. For the host to call on a background
    /// thread; harmless to call again.
    /// </summary>
    public static void Run()
    {
        var memory = stackalloc double[64];
        foreach (var type in (DType[])[DType.Float32, DType.Float64])
        {
            var x = Node.Parameter(0, type);
            var scaled = Node.Binary(BinaryOperation.Add, Node.Binary(BinaryOperation.Multiply, x, Node.Uniform(0, type)), Node.Constant(type, 1));
            var positive = Node.Select(Node.Compare(Comparison.Greater, x, Node.Constant(type, 0)), Node.Unary(UnaryOperation.Tanh, scaled), x);
            var body = KernelFunction.Create("warmup", [type], [type], positive);
            new Span<double>(memory, 64).Clear();
            var operand = new Operand((nint)memory, type, [type.Size]);
            Elementwise.Run(body, [64], [operand], [operand], [Scalar.From(type, 1)]);
            Reduction.Run(
                KernelFunction.Create("warmup", [type], [], x), ReduceOperation.Sum, [64], [0], [operand], operand, []);
        }

        KernelFunction.From((float value) => value > 0 ? value : MathF.Exp(value) - 1);
    }
}
