using System.Diagnostics;
using System.Runtime.CompilerServices;
using TensorCell.Kernels;
using TensorCell.Kernels.Simd;

namespace TensorCell.Tensors.Graph;

/// <summary>Copies elements of any size between layouts, on all cores, in the longest runs that both have.</summary>
internal static unsafe class StridedCopy
{
    /// <summary>Copies elements to memory that does not overlap them.</summary>
    /// <param name="from">The source's memory.</param>
    /// <param name="source">How the elements lie in it.</param>
    /// <param name="to">The target's memory.</param>
    /// <param name="target">How they are to lie in it; of the same shape.</param>
    /// <param name="size">Bytes per element: 1, 2, 4 or 8.</param>
    public static void Run(nint from, Layout source, nint to, Layout target, int size)
    {
        if (source.Shape.Count == 0)
        {
            return;
        }

        long start = Tracing.IsEnabled ? Stopwatch.GetTimestamp() : 0;
        CopySpace space = new(source, target);
        from += (nint)(space.FromOffset * size);
        to += (nint)(space.ToOffset * size);
        bool isTransposed = TransposedCopy.TryRun(from, to, space, size);
        if (!isTransposed)
        {
            switch (size)
            {
                case 1:
                    Run<byte>(from, to, space);
                    break;
                case 2:
                    Run<ushort>(from, to, space);
                    break;
                case 4:
                    Run<uint>(from, to, space);
                    break;
                default:
                    Run<ulong>(from, to, space);
                    break;
            }
        }

        if (start != 0 && Tracing.IsEnabled)
        {
            Tracing.Write(new TraceEvent(
                TraceKind.Kernel, isTransposed ? "transpose" : "copy", Device.Cpu.Name, start, Stopwatch.GetTimestamp(), 2 * space.Count * size, 0));
        }
    }

    /// <summary>Whether a launch that writes so many bytes, and reads as many, should store past the caches.</summary>
    public static bool IsStreamed(long bytes) => 2 * bytes > Elementwise.StreamedBeyond;

    /// <summary>Copies elements on the calling thread, for copies that are parts of a larger one.</summary>
    /// <param name="from">The first.</param>
    /// <param name="to">Where it goes.</param>
    /// <param name="space">How both lie; its offsets count as done.</param>
    public static void Run<T>(T* from, T* to, CopySpace space)
        where T : unmanaged
    {
        long length = space.Rank == 0 ? 1 : space.Lengths[^1];
        Rows(from, to, space, 0, space.Count / length, 0, length, false);
    }

    private static void Run<T>(nint from, nint to, CopySpace space)
        where T : unmanaged
    {
        long length = space.Rank == 0 ? 1 : space.Lengths[^1];
        long rows = space.Count / length;
        bool isStreamed = IsStreamed(space.Count * sizeof(T));
        if (space.Count * sizeof(T) <= Blocks.WorthSharing)
        {
            Run((T*)from, (T*)to, space);
            return;
        }

        // A block is a part of one long row or a stretch of whole rows.
        long part = Math.Min(length, Math.Max(1, Blocks.Bytes / sizeof(T)));
        long parts = (length + part - 1) / part;
        long height = parts > 1 ? 1 : Math.Max(1, Blocks.Bytes / (length * sizeof(T)));
        Workers.For(checked((int)((rows + height - 1) / height * parts)), block =>
        {
            long first = block / parts * height;
            long place = block % parts * part;
            Rows(
                (T*)from, (T*)to, space, first, Math.Min(height, rows - first), place, Math.Min(part, length - place), isStreamed);
        });
    }

    /// <summary>Copies a part of each of some rows along the last axis, plane by plane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Rows<T>(T* from, T* to, CopySpace space, long first, long count, long place, long length, bool isStreamed)
        where T : unmanaged
    {
        int inner = space.Rank - 1;
        if (inner <= 0)
        {
            long fromStep = inner < 0 ? 1 : space.From[0];
            long toStep = inner < 0 ? 1 : space.To[0];
            Runs.Copy(from + (place * fromStep), to + (place * toStep), 1, 0, 0, length, fromStep, toStep, isStreamed);
            return;
        }

        long end = first + count;
        long height = space.Lengths[inner - 1];
        while (first < end)
        {
            long row = first % height;
            long rest = first / height;
            long rows = Math.Min(height - row, end - first);
            T* input = from + (row * space.From[inner - 1]) + (place * space.From[inner]);
            T* output = to + (row * space.To[inner - 1]) + (place * space.To[inner]);
            for (int axis = inner - 2; axis >= 0; axis--)
            {
                long position = rest % space.Lengths[axis];
                rest /= space.Lengths[axis];
                input += position * space.From[axis];
                output += position * space.To[axis];
            }

            Runs.Copy(
                input, output, rows, space.From[inner - 1], space.To[inner - 1], length, space.From[inner], space.To[inner], isStreamed);
            first += rows;
        }
    }
}
