using System.Runtime.CompilerServices;
using TensorCell.Kernels;

namespace TensorCell.Tensors.Convolution;

/// <summary>Moves rows of pixels into working memory.</summary>
internal static unsafe class PixelRow<TSimd, TVector, T>
    where TSimd : struct, IFusedVector<TVector, T>
    where TVector : struct
    where T : unmanaged
{
    /// <summary>Fills with zeros.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Clear(T* target, nint count)
    {
        nint done = 0;
        for (; done <= count - TSimd.Count; done += TSimd.Count)
        {
            TSimd.Store(TSimd.Zero, target + done);
        }

        for (; done < count; done++)
        {
            target[done] = default;
        }
    }

    /// <summary>Copies elements that lie a stride apart to where they are adjacent.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Copy(T* from, nint stride, T* to, nint count)
    {
        if (stride != 1)
        {
            for (nint index = 0; index < count; index++)
            {
                to[index] = from[index * stride];
            }

            return;
        }

        nint done = 0;
        for (; done <= count - TSimd.Count; done += TSimd.Count)
        {
            TSimd.Store(TSimd.Load(from + done), to + done);
        }

        if (done < count && count >= TSimd.Count)
        {
            TSimd.Store(TSimd.Load(from + count - TSimd.Count), to + count - TSimd.Count);
            return;
        }

        for (; done < count; done++)
        {
            to[done] = from[done];
        }
    }
}
