using TensorCell.Kernels.Ir;

namespace TensorCell.Tensors;

/// <summary>Turns functions of C# into tensor operations.</summary>
public static class Kernel
{
    /// <summary>A function as an operation on each element: <c>Kernel.Elementwise((float x) => x > 0 ? x : 0.01f * x)</c>.</summary>
    /// <param name="function">
    /// A lambda or method of one or more numbers that returns one. It may use arithmetic, comparisons, conditionals, locals, Math and MathF, and
    /// methods of its own kind; variables it captures are read at every application.
    /// </param>
    /// <exception cref="Exception">It uses what a kernel cannot do; the message names the construct, the method and the line.</exception>
    public static ElementwiseKernel Elementwise(Delegate function)
    {
        ArgumentNullException.ThrowIfNull(function);
        return new ElementwiseKernel(KernelFunction.From(function));
    }
}
