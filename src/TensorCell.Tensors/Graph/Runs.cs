using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace TensorCell.Tensors.Graph;

/// <summary>Copies of elements that lie evenly spaced on a line.</summary>
internal static unsafe class Runs
{
    private const int LineBytes = 64;

    /// <summary>Shorter runs are not worth the streaming stores' edges.</summary>
    private const long SmallestStream = 4 * LineBytes;

    /// <summary>Below this length a run costs more to begin than to copy.</summary>
    private const long ShortRun = 8;

    /// <summary>Rows of short runs that are taken together, so that their lines stay in the nearest cache.</summary>
    private const long ShortRows = 256;

    /// <summary>Copies bytes that lie together.</summary>
    /// <param name="from">The first.</param>
    /// <param name="to">Where it goes.</param>
    /// <param name="bytes">How many.</param>
    /// <param name="isStreamed">Whether to store past the caches, because there is more than they hold.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Copy(byte* from, byte* to, long bytes, bool isStreamed)
    {
        if (!isStreamed || bytes < SmallestStream || !Vector256.IsHardwareAccelerated)
        {
            Buffer.MemoryCopy(from, to, bytes, bytes);
            return;
        }

        long head = -(long)to & (LineBytes - 1);
        Buffer.MemoryCopy(from, to, head, head);
        long done = head;
        for (; done <= bytes - LineBytes; done += LineBytes)
        {
            StreamLine(from + done, to + done);
        }

        Buffer.MemoryCopy(from + done, to + done, bytes - done, bytes - done);
    }

    /// <summary>Copies 64 bytes to a place aligned to them, past the caches.</summary>
    public static void StreamLine(byte* from, byte* to)
    {
        if (Vector512.IsHardwareAccelerated)
        {
            Vector512.Load(from).StoreAlignedNonTemporal(to);
        }
        else
        {
            Vector256.Load(from).StoreAlignedNonTemporal(to);
            Vector256.Load(from + Vector256<byte>.Count).StoreAlignedNonTemporal(to + Vector256<byte>.Count);
        }
    }

    /// <summary>Copies rows of elements, each evenly spaced.</summary>
    /// <param name="from">The first element.</param>
    /// <param name="to">Where it goes.</param>
    /// <param name="rows">How many rows.</param>
    /// <param name="fromRow">Elements from one row to the next in the source.</param>
    /// <param name="toRow">Elements from one row to the next in the target.</param>
    /// <param name="count">Elements in a row.</param>
    /// <param name="fromStep">From one of them to the next in the source.</param>
    /// <param name="toStep">From one of them to the next in the target.</param>
    /// <param name="isStreamed">Whether to store past the caches.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Copy<T>(
        T* from, T* to, long rows, long fromRow, long toRow, long count, long fromStep, long toStep, bool isStreamed)
        where T : unmanaged
    {
        if (count < ShortRun && rows > count)
        {
            CopyShort(from, to, rows, fromRow, toRow, count, fromStep, toStep);
            return;
        }

        for (long row = 0; row < rows; row++)
        {
            switch (fromStep, toStep)
            {
                case (1, 1):
                    Copy((byte*)from, (byte*)to, count * sizeof(T), isStreamed);
                    break;
                case (0, 1):
                    Fill(to, *from, count);
                    break;
                case (-1, 1):
                    Reverse(from, to, count, isStreamed);
                    break;
                default:
                    CopyEvenly(from, fromStep, to, toStep, count);
                    break;
            }

            from += fromRow;
            to += toRow;
        }
    }

    /// <summary>Writes one element many times.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Fill<T>(T* to, T element, long count)
        where T : unmanaged
    {
        const int most = 1 << 30;
        for (; count > most; count -= most, to += most)
        {
            new Span<T>(to, most).Fill(element);
        }

        new Span<T>(to, (int)count).Fill(element);
    }

    /// <summary>Takes an element of every row before the next, since a row is too short for a loop of its own.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void CopyShort<T>(T* from, T* to, long rows, long fromRow, long toRow, long count, long fromStep, long toStep)
        where T : unmanaged
    {
        for (long row = 0; row < rows; row += ShortRows)
        {
            long height = Math.Min(ShortRows, rows - row);
            for (long place = 0; place < count; place++)
            {
                CopyEvenly(from + (row * fromRow) + (place * fromStep), fromRow, to + (row * toRow) + (place * toStep), toRow, height);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void CopyEvenly<T>(T* from, long fromStep, T* to, long toStep, long count)
        where T : unmanaged
    {
        long done = 0;
        for (; done <= count - 4; done += 4)
        {
            T first = *from;
            T second = from[fromStep];
            T third = from[2 * fromStep];
            T fourth = from[3 * fromStep];
            *to = first;
            to[toStep] = second;
            to[2 * toStep] = third;
            to[3 * toStep] = fourth;
            from += 4 * fromStep;
            to += 4 * toStep;
        }

        for (; done < count; done++)
        {
            *to = *from;
            from += fromStep;
            to += toStep;
        }
    }

    /// <summary>Copies elements that lie backwards from the first.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Reverse<T>(T* from, T* to, long count, bool isStreamed)
        where T : unmanaged
    {
        int lanes = Vector128<byte>.Count / sizeof(T);
        long done = 0;
        while (done < count && (count - done < 4 * lanes || (-(long)(to + done) & (LineBytes - 1)) != 0))
        {
            to[done] = from[-done];
            done++;
        }

        for (; done <= count - (4 * lanes); done += 4 * lanes)
        {
            byte* source = (byte*)(from - done + 1);
            byte* target = (byte*)(to + done);
            Vector128<byte> first = Reversed<T>(source - Vector128<byte>.Count);
            Vector128<byte> second = Reversed<T>(source - (2 * Vector128<byte>.Count));
            Vector128<byte> third = Reversed<T>(source - (3 * Vector128<byte>.Count));
            Vector128<byte> fourth = Reversed<T>(source - (4 * Vector128<byte>.Count));
            if (isStreamed)
            {
                first.StoreAlignedNonTemporal(target);
                second.StoreAlignedNonTemporal(target + Vector128<byte>.Count);
                third.StoreAlignedNonTemporal(target + (2 * Vector128<byte>.Count));
                fourth.StoreAlignedNonTemporal(target + (3 * Vector128<byte>.Count));
            }
            else
            {
                first.Store(target);
                second.Store(target + Vector128<byte>.Count);
                third.Store(target + (2 * Vector128<byte>.Count));
                fourth.Store(target + (3 * Vector128<byte>.Count));
            }
        }

        for (; done < count; done++)
        {
            to[done] = from[-done];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> Reversed<T>(byte* source)
        where T : unmanaged
    {
        Vector128<byte> elements = Vector128.Load(source);
        return sizeof(T) switch
        {
            1 => Vector128.Shuffle(elements, Vector128.Create((byte)15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0)),
            2 => Vector128.Shuffle(elements.AsUInt16(), Vector128.Create((ushort)7, 6, 5, 4, 3, 2, 1, 0)).AsByte(),
            4 => Vector128.Shuffle(elements.AsUInt32(), Vector128.Create(3u, 2, 1, 0)).AsByte(),
            _ => Vector128.Shuffle(elements.AsUInt64(), Vector128.Create(1ul, 0)).AsByte(),
        };
    }
}
