using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace TensorCell.Kernels.Simd;

/// <summary>Loads of some lanes, the others being 0: the elements of those need not exist.</summary>
internal static unsafe partial class LaneHelpers
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> LoadWhere(byte* source, Vector128<int> mask)
    {
        if (Avx2.IsSupported)
        {
            return Avx2.MaskLoad((int*)source, mask);
        }

        var found = Vector128<int>.Zero;
        LoadWhere((int*)source, (int*)&mask, (int*)&found, Vector128<int>.Count);
        return found;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<long> LoadWhere(byte* source, Vector128<long> mask)
    {
        if (Avx2.IsSupported)
        {
            return Avx2.MaskLoad((long*)source, mask);
        }

        var found = Vector128<long>.Zero;
        LoadWhere((long*)source, (long*)&mask, (long*)&found, Vector128<long>.Count);
        return found;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> LoadWhere(byte* source, Vector256<int> mask)
    {
        if (Avx2.IsSupported)
        {
            return Avx2.MaskLoad((int*)source, mask);
        }

        var found = Vector256<int>.Zero;
        LoadWhere((int*)source, (int*)&mask, (int*)&found, Vector256<int>.Count);
        return found;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<long> LoadWhere(byte* source, Vector256<long> mask)
    {
        if (Avx2.IsSupported)
        {
            return Avx2.MaskLoad((long*)source, mask);
        }

        var found = Vector256<long>.Zero;
        LoadWhere((long*)source, (long*)&mask, (long*)&found, Vector256<long>.Count);
        return found;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> LoadWhere(byte* source, Vector512<int> mask)
    {
        if (Avx512F.IsSupported)
        {
            return Avx512F.MaskLoad((int*)source, mask, Vector512<int>.Zero);
        }

        var found = Vector512<int>.Zero;
        LoadWhere((int*)source, (int*)&mask, (int*)&found, Vector512<int>.Count);
        return found;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<long> LoadWhere(byte* source, Vector512<long> mask)
    {
        if (Avx512F.IsSupported)
        {
            return Avx512F.MaskLoad((long*)source, mask, Vector512<long>.Zero);
        }

        var found = Vector512<long>.Zero;
        LoadWhere((long*)source, (long*)&mask, (long*)&found, Vector512<long>.Count);
        return found;
    }

    private static void LoadWhere<T>(T* source, T* mask, T* found, int count)
        where T : unmanaged
    {
        for (var i = 0; i < count; i++)
        {
            if (!EqualityComparer<T>.Default.Equals(mask[i], default))
            {
                found[i] = source[i];
            }
        }
    }
}
