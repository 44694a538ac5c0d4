using System.Reflection;
using TensorCell.Kernels;
using TensorCell.Kernels.Frontend;
using TensorCell.Kernels.Ir;
using TensorCell.Tensors.Graph;

namespace TensorCell.Tensors;

/// <summary>Turns functions of C# into tensor operations.</summary>
public static partial class Kernel
{
    /// <summary>A function as an operation on each element: <c>Kernel.Elementwise((float x) => x > 0 ? x : 0.01f * x)</c>.</summary>
    /// <param name="function">
    /// A lambda or method of one or more numbers that returns one. It may use arithmetic, comparisons, conditionals, loops, locals, structures, Math and
    /// MathF, elements of captured arrays, and methods of its own kind; variables it captures are read at every application.
    /// </param>
    /// <exception cref="Exception">It uses what a kernel cannot do; the message names the construct, the method and the line.</exception>
    public static ElementwiseKernel Elementwise(Delegate function)
    {
        ArgumentNullException.ThrowIfNull(function);
        return Elementwise(function.Method, function.Target);
    }

    /// <summary>A method as an operation on each element.</summary>
    internal static ElementwiseKernel Elementwise(MethodInfo function, object? target = null)
    {
        ElementwiseMethod method = KernelReader.ReadElementwise(function, target);
        return method.Flat is { } flat ? new ElementwiseKernel(flat) : new ElementwiseKernel(new GridFunction(method.ToProgram()));
    }

    /// <summary>
    /// A kernel as an operation on tensors, which gradients flow through: <c>Kernel.Operation(Blur)[image]</c>. Its last view is the result.
    /// Gradients of a kernel in which every item reads and writes its own elements are found by themselves; for another, <c>[Kernel(Gradient =
    /// nameof(…))]</c> or <see cref="KernelOperation.WithGradient"/> gives them.
    /// </summary>
    /// <param name="kernel">
    /// A kernel method, lambda or local function: its first parameter the index, its last view the result. A method of an earlier cell needs a
    /// lambda around it, since a script's compiler gives such a method no type.
    /// </param>
    /// <param name="shape">The shape of the result, from the shapes of the inputs; without it, the first input's.</param>
    /// <exception cref="KernelRefusedException">It holds something that a kernel cannot.</exception>
    public static KernelOperation Operation(Delegate kernel, Func<Shape[], Shape>? shape = null)
    {
        ArgumentNullException.ThrowIfNull(kernel);
        return new KernelOperation(
            GridKernel.Compile(kernel), shape, KernelOperation.NamedGradient(kernel.Method, kernel.Target));
    }
}
