using System.Numerics;
using System.Runtime.CompilerServices;

namespace TensorCell.Tensors.Graph;

/// <summary>Writes elements over others by a <see cref="Fold"/>.</summary>
internal static unsafe class FoldRow
{
    /// <summary>Writes elements on the calling thread.</summary>
    /// <param name="from">The first that is written.</param>
    /// <param name="to">Where it goes.</param>
    /// <param name="space">How both lie; its offsets count as done.</param>
    /// <param name="isStreamed">Whether to store past the caches what takes another's place.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run<T, TFold>(T* from, T* to, CopySpace space, bool isStreamed)
        where T : unmanaged
        where TFold : IFold<T>
    {
        int last = space.Rank - 1;
        if (last <= 0)
        {
            Run<T, TFold>(from, last < 0 ? 1 : space.From[0], to, last < 0 ? 1 : space.To[0], space.Count, isStreamed);
            return;
        }

        long length = space.Lengths[last];
        long rows = space.Count / length;
        for (long row = 0; row < rows; row++)
        {
            T* input = from;
            T* output = to;
            long rest = row;
            for (int axis = last - 1; axis >= 0; axis--)
            {
                long position = rest % space.Lengths[axis];
                rest /= space.Lengths[axis];
                input += position * space.From[axis];
                output += position * space.To[axis];
            }

            Run<T, TFold>(input, space.From[last], output, space.To[last], length, isStreamed);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run<T, TFold>(T* from, long fromStep, T* to, long toStep, long count, bool isStreamed)
        where T : unmanaged
        where TFold : IFold<T>
    {
        if (TFold.IsReplacing && toStep == 1)
        {
            Runs.Copy(from, to, 1, 0, 0, count, fromStep, 1, isStreamed);
            return;
        }

        long done = 0;
        if (fromStep == 1 && toStep == 1)
        {
            for (; done <= count - Vector<T>.Count; done += Vector<T>.Count)
            {
                TFold.Write(to + done, Vector.Load(from + done));
            }
        }

        for (; done < count; done++)
        {
            TFold.Write(to + (done * toStep), from[done * fromStep]);
        }
    }
}
