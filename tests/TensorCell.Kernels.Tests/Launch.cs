using TensorCell.Kernels.Ir;
using TensorCell.Kernels.Simd;

namespace TensorCell.Kernels.Tests;

/// <summary>Runs kernels over managed arrays.</summary>
internal static unsafe class Launch
{
    /// <summary>One contiguous input to one contiguous output.</summary>
    public static TResult[] Map<T, TResult>(KernelFunction body, T[] input)
        where T : unmanaged
        where TResult : unmanaged
    {
        var output = new TResult[input.Length];
        MapInto(body, input, output);
        return output;
    }

    /// <summary>One contiguous input to one contiguous output that is there already.</summary>
    public static void MapInto<T, TResult>(KernelFunction body, T[] input, TResult[] output)
        where T : unmanaged
        where TResult : unmanaged
    {
        fixed (T* source = input)
        fixed (TResult* target = output)
        {
            Elementwise.Run(body, [input.Length], [Contiguous(source)], [Contiguous(target)], []);
        }
    }

    /// <summary>Two contiguous inputs to one contiguous output.</summary>
    public static T[] Map<T>(KernelFunction body, T[] first, T[] second)
        where T : unmanaged
    {
        var output = new T[first.Length];
        fixed (T* a = first, b = second, target = output)
        {
            Elementwise.Run(body, [first.Length], [Contiguous(a), Contiguous(b)], [Contiguous(target)], []);
        }

        return output;
    }

    public static Operand Contiguous<T>(T* address)
        where T : unmanaged => new((nint)address, DTypes.Of<T>(), [sizeof(T)]);
}
