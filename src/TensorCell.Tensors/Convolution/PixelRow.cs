using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using TensorCell.Kernels;
using TensorCell.Tensors.Graph;

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
            nint copied = stride == 2 ? CopyEven(from, to, count) : 0;
            for (; copied < count; copied++)
            {
                to[copied] = from[copied * stride];
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

    /// <summary>Copies every second element, if there are enough, and reads none beyond the last; how many are copied.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static nint CopyEven(T* from, T* to, nint count)
    {
        int lanes = Vector<T>.Count;
        if (!Phases<T>.HasPairs || count <= lanes)
        {
            return 0;
        }

        for (nint index = 0; index < count - lanes; index += lanes)
        {
            Phases<T>.Even(Vector.Load(from + (2 * index)), Vector.Load(from + (2 * index) + lanes)).Store(to + index);
        }

        T* last = from + (2 * (count - lanes)) - 1;
        Phases<T>.Odd(Vector.Load(last), Vector.Load(last + lanes)).Store(to + count - lanes);
        return count;
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
