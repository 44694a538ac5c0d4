using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using TensorCell.Kernels;

namespace TensorCell.Tensors.Convolution;

/// <summary>Adds up the lanes of each of many vectors, several vectors at a time.</summary>
internal static unsafe class LaneSums
{
    /// <summary>The sums are made this many at a time: there must be room for a multiple of it, in vectors and sums.</summary>
    public const int AtOnce = 4;

    /// <summary>Computes the sums.</summary>
    /// <param name="vectors">The vectors, one after the other.</param>
    /// <param name="count">How many.</param>
    /// <param name="lanes">Elements of each.</param>
    /// <param name="sums">Receives the sum of each.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Run<T>(T* vectors, int count, int lanes, T* sums)
        where T : unmanaged
    {
        if (sizeof(T) == sizeof(float))
        {
            Run((float*)vectors, count, lanes, (float*)sums);
        }
        else
        {
            Run((double*)vectors, count, lanes, (double*)sums);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run(float* vectors, int count, int lanes, float* sums)
    {
        for (int index = 0; index < count; index += 4)
        {
            float* first = vectors + (index * lanes);
            Vector128<float> a = Folded(first, lanes);
            Vector128<float> b = Folded(first + lanes, lanes);
            Vector128<float> c = Folded(first + (2 * lanes), lanes);
            Vector128<float> d = Folded(first + (3 * lanes), lanes);
            Vector128<float> ac = Interleaving.Low(a, c) + Interleaving.High(a, c);
            Vector128<float> bd = Interleaving.Low(b, d) + Interleaving.High(b, d);
            (Interleaving.Low(ac, bd) + Interleaving.High(ac, bd)).Store(sums + index);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run(double* vectors, int count, int lanes, double* sums)
    {
        for (int index = 0; index < count; index += 2)
        {
            Vector128<double> a = Folded(vectors + (index * lanes), lanes);
            Vector128<double> b = Folded(vectors + ((index + 1) * lanes), lanes);
            (Interleaving.Low(a, b) + Interleaving.High(a, b)).Store(sums + index);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Folded(float* vector, int lanes) => lanes switch
    {
        16 => Vector128.Load(vector) + Vector128.Load(vector + 4) + (Vector128.Load(vector + 8) + Vector128.Load(vector + 12)),
        8 => Vector128.Load(vector) + Vector128.Load(vector + 4),
        _ => Vector128.Load(vector),
    };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<double> Folded(double* vector, int lanes) => lanes switch
    {
        8 => Vector128.Load(vector) + Vector128.Load(vector + 2) + (Vector128.Load(vector + 4) + Vector128.Load(vector + 6)),
        4 => Vector128.Load(vector) + Vector128.Load(vector + 2),
        _ => Vector128.Load(vector),
    };
}
