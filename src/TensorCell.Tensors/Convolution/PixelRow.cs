using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
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
        }
        else if (done < count)
        {
            CopyShort(from, to, count);
        }
    }

    /// <summary>Copies fewer adjacent elements than a vector holds: by two copies of half as many or more, which may overlap.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void CopyShort(T* from, T* to, nint count)
    {
        byte* source = (byte*)from;
        byte* target = (byte*)to;
        nint bytes = count * sizeof(T);
        if (bytes >= Vector256<byte>.Count)
        {
            Vector256<byte> last = Vector256.Load(source + bytes - Vector256<byte>.Count);
            Vector256.Load(source).Store(target);
            last.Store(target + bytes - Vector256<byte>.Count);
        }
        else if (bytes >= Vector128<byte>.Count)
        {
            Vector128<byte> last = Vector128.Load(source + bytes - Vector128<byte>.Count);
            Vector128.Load(source).Store(target);
            last.Store(target + bytes - Vector128<byte>.Count);
        }
        else if (bytes >= sizeof(long))
        {
            long last = *(long*)(source + bytes - sizeof(long));
            *(long*)target = *(long*)source;
            *(long*)(target + bytes - sizeof(long)) = last;
        }
        else if (bytes != 0)
        {
            *(int*)target = *(int*)source;
        }
    }
}
