using System.Collections.Concurrent;
using System.Reflection;
using TensorCell.Kernels;

namespace TensorCell.Tensors.Graph;

/// <summary>The functions of <see cref="RealFunctions"/> and <see cref="IntegerFunctions"/>, compiled for an element type when first used.</summary>
internal static class ComposedFunctions
{
    private static readonly ConcurrentDictionary<(string Name, DType Type), ElementwiseKernel> known = [];

    /// <summary>The function of a name.</summary>
    /// <param name="name">The method's name.</param>
    /// <param name="type">The type it is computed in: i32, i64, f32 or f64.</param>
    public static ElementwiseKernel Get(string name, DType type) => known.GetOrAdd((name, type), static key => Read(key.Name, key.Type));

    private static ElementwiseKernel Read(string name, DType type)
    {
        Type home = type.IsFloatingPoint ? typeof(RealFunctions) : typeof(IntegerFunctions);
        Type element = type switch
        {
            DType.Float32 => typeof(float),
            DType.Float64 => typeof(double),
            DType.Int64 => typeof(long),
            _ => typeof(int),
        };
        return Kernel.Elementwise(home.GetMethod(name, BindingFlags.Public | BindingFlags.Static)!.MakeGenericMethod(element));
    }
}
