using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace TensorCell.Kernels.Simd;

/// <summary>Operations lane by lane, where there is no vector instruction or it does not serve all values.</summary>
internal static unsafe partial class LaneHelpers
{
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Vector128<T> Map<T>(Vector128<T> x, Vector128<T> y, delegate*<T, T, T> operation)
        where T : unmanaged
    {
        Map((T*)&x, (T*)&y, Vector128<T>.Count, operation);
        return x;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Vector256<T> Map<T>(Vector256<T> x, Vector256<T> y, delegate*<T, T, T> operation)
        where T : unmanaged
    {
        Map((T*)&x, (T*)&y, Vector256<T>.Count, operation);
        return x;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Vector512<T> Map<T>(Vector512<T> x, Vector512<T> y, delegate*<T, T, T> operation)
        where T : unmanaged
    {
        Map((T*)&x, (T*)&y, Vector512<T>.Count, operation);
        return x;
    }

    private static void Map<T>(T* x, T* y, int count, delegate*<T, T, T> operation)
        where T : unmanaged
    {
        for (var i = 0; i < count; i++)
        {
            x[i] = operation(x[i], y[i]);
        }
    }
}
