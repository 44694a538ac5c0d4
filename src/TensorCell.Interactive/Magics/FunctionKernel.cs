using System.Reflection;
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

    /// <summary>What a notebook writes to run the kernel that a variable holds, with the names of the function's parameters.</summary>
    public static string Call(string variable, Delegate function, IExplained kernel)
    {
        var names = function.Method.GetParameters().Select(parameter => parameter.Name);
        if (kernel is not GridKernel grid)
        {
            return $"{variable}[{string.Join(", ", names)}]";
        }

        var group = function.Method.GetCustomAttribute<KernelAttribute>()?.GroupX ?? 1;
        var extent = grid.Rank switch
        {
            1 => group > 1 ? $"groups * {group}" : "count",
            2 => "(height, width)",
            _ => "(depth, height, width)",
        };
        return $"{variable}.Launch({string.Join(", ", names.Skip(1).Prepend(extent))})";
    }

    private static bool IsOfItems(Type type) => type.IsArray || ofItems.Contains(type.IsGenericType ? type.GetGenericTypeDefinition() : type);
}
