using TensorCell.Kernels;
using TensorCell.Tensors;

namespace TensorCell.Interactive.Magics;

/// <summary>What a function of C# becomes by the look of its parameters.</summary>
internal static class FunctionKernel
{
    private static readonly Type[] ofItems = [typeof(Index2), typeof(Index3), typeof(Group), typeof(View<>), typeof(View2<>), typeof(View3<>), typeof(View4<>)];

    /// <summary>A kernel over a space, where the function takes an index of more than one axis, memory, or returns nothing; else one of single elements.</summary>
    /// <exception cref="KernelRefusedException">It holds something that a kernel cannot.</exception>
    public static IExplained Compile(Delegate function) =>
        function.Method.ReturnType == typeof(void) || function.Method.GetParameters().Any(parameter => IsOfItems(parameter.ParameterType))
            ? GridKernel.Compile(function)
            : Kernel.Elementwise(function);

    private static bool IsOfItems(Type type) => type.IsArray || ofItems.Contains(type.IsGenericType ? type.GetGenericTypeDefinition() : type);
}
