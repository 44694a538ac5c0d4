using System.Runtime.CompilerServices;
using TensorCell.Kernels;

namespace TensorCell.Tensors.Convolution;

/// <summary>Moves finished pixels of one channel from working memory to the result, adding the channel's bias by the way.</summary>
internal static unsafe class FinishedRows<TSimd, TVector, T>
    where TSimd : struct, IFusedVector<TVector, T>
    where TVector : struct
    where T : unmanaged
{
    /// <summary>Elements of a line that is kept while it is incomplete.</summary>
    public static int LineLength => TSimd.Count;

    /// <summary>Copies adjacent elements to where they are adjacent, too; as many as a vector holds may be read beyond them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Copy(T* from, T* to, nint count, TVector bias)
    {
        nint done = 0;
        for (; done <= count - TSimd.Count; done += TSimd.Count)
        {
            TSimd.Store(TSimd.Add(TSimd.Load(from + done), bias), to + done);
        }

        if (done < count && count >= TSimd.Count)
        {
            TSimd.Store(TSimd.Add(TSimd.Load(from + count - TSimd.Count), bias), to + count - TSimd.Count);
        }
        else if (done < count)
        {
            T* some = stackalloc T[TSimd.Count];
            TSimd.Store(TSimd.Add(TSimd.Load(from), bias), some);
            PixelRow<TSimd, TVector, T>.CopyShort(some, to, count);
        }
    }

    /// <summary>Copies adjacent elements to where they lie a stride apart; as many as a vector holds may be read beyond them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Scatter(T* from, T* to, nint stride, nint count, TVector bias)
    {
        T* some = stackalloc T[TSimd.Count];
        for (nint done = 0; done < count; done += TSimd.Count)
        {
            TSimd.Store(TSimd.Add(TSimd.Load(from + done), bias), some);
            CopyElements(some, to + (done * stride), stride, Math.Min(TSimd.Count, count - done));
        }
    }

    /// <summary>
    /// Copies past the caches the next elements of a run. Only whole aligned vectors can be written so: those that do not fill one yet are kept for the next
    /// call, or <see cref="Flush"/>.
    /// </summary>
    /// <param name="from">The elements; as many as a vector holds may be read beyond them, and before them.</param>
    /// <param name="to">Where they go.</param>
    /// <param name="position">How many elements of the run went before.</param>
    /// <param name="count">How many there are.</param>
    /// <param name="bias">What is added.</param>
    /// <param name="line">Memory for what is kept.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Stream(T* from, T* to, nint position, nint count, TVector bias, T* line)
    {
        int phase = Phase(to);
        if (phase != 0)
        {
            // What is kept was stored as a whole vector and is read as one: merging the two in memory would wait for all stores before.
            TVector merged = TSimd.Blend(TSimd.Load(line), TSimd.Add(TSimd.Load(from - phase), bias), phase);
            int room = TSimd.Count - phase;
            if (count < room || position < phase)
            {
                TSimd.Store(merged, line);
                if (count < room)
                {
                    return;
                }

                CopyElements(line + phase - position, to - position, 1, position + room);
            }
            else
            {
                TSimd.StoreStreaming(merged, to - phase);
            }

            from += room;
            to += room;
            count -= room;
        }

        nint done = 0;
        for (; done <= count - (2 * TSimd.Count); done += 2 * TSimd.Count)
        {
            TVector first = TSimd.Add(TSimd.Load(from + done), bias);
            TVector second = TSimd.Add(TSimd.Load(from + done + TSimd.Count), bias);
            TSimd.StoreStreaming(first, to + done);
            TSimd.StoreStreaming(second, to + done + TSimd.Count);
        }

        if (done <= count - TSimd.Count)
        {
            TSimd.StoreStreaming(TSimd.Add(TSimd.Load(from + done), bias), to + done);
            done += TSimd.Count;
        }

        if (done < count)
        {
            TSimd.Store(TSimd.Add(TSimd.Load(from + done), bias), line);
        }
    }

    /// <summary>Writes what is kept at the end of a run.</summary>
    /// <param name="to">Where the next element would go.</param>
    /// <param name="position">How many elements the run has.</param>
    /// <param name="line">What is kept.</param>
    public static void Flush(T* to, nint position, T* line)
    {
        int phase = Phase(to);
        nint kept = Math.Min(phase, position);
        CopyElements(line + phase - kept, to - kept, 1, kept);
    }

    private static int Phase(T* address) => (int)((nuint)address / (nuint)sizeof(T) % (nuint)TSimd.Count);

    private static void CopyElements(T* from, T* to, nint stride, nint count)
    {
        for (nint index = 0; index < count; index++)
        {
            to[index * stride] = from[index];
        }
    }
}
