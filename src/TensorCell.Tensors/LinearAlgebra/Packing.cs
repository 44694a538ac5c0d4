using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace TensorCell.Tensors.LinearAlgebra;

/// <summary>
/// Copies parts of a matrix into panels: for each step of depth, the elements across a tile side by side, so that the tile reads
/// memory in order whatever the strides of the matrix.
/// </summary>
internal static unsafe class Packing<T>
    where T : unmanaged
{
    private const int CacheLineBytes = 64;

    // Stretches of rows are too short for the hardware to see where they lead.
    private const int StepsAhead = 6;

    /// <summary>Packs adjacent panels, filling up with zeros the part of the last that the matrix does not cover.</summary>
    /// <param name="source">The matrix's first element in the first panel.</param>
    /// <param name="acrossStride">Elements from one to the next across the panels.</param>
    /// <param name="depthStride">Elements from one step of depth to the next.</param>
    /// <param name="width">Elements across that the matrix has here.</param>
    /// <param name="panelWidth">Elements across each panel.</param>
    /// <param name="depth">Steps of depth.</param>
    /// <param name="target">Receives, for each panel, <paramref name="depth"/> times <paramref name="panelWidth"/> elements.</param>
    /// <param name="panelStride">Elements from one panel to the next.</param>
    public static void Pack(
        T* source, nint acrossStride, nint depthStride, nint width, int panelWidth, nint depth, T* target, nint panelStride)
    {
        var fullPanels = width / panelWidth;
        if (acrossStride == 1)
        {
            CopyPanels(source, depthStride, fullPanels, panelWidth, depth, target, panelStride);
        }
        else
        {
            for (nint panel = 0; panel < fullPanels; panel++)
            {
                PackPanel(
                    source + (panel * panelWidth * acrossStride), acrossStride, depthStride, panelWidth, panelWidth, depth,
                    target + (panel * panelStride));
            }
        }

        var covered = fullPanels * panelWidth;
        if (covered < width)
        {
            var last = target + (fullPanels * panelStride);
            new Span<T>(last, checked((int)(depth * panelWidth))).Clear();
            PackPanel(source + (covered * acrossStride), acrossStride, depthStride, width - covered, panelWidth, depth, last);
        }
    }

    // Steps outside, panels inside: reads whole stretches of the matrix's rows, which the hardware prefetches.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void CopyPanels(
        T* source, nint depthStride, nint panels, int panelWidth, nint depth, T* target, nint panelStride)
    {
        var bytes = (nint)panelWidth * sizeof(T);
        var ahead = StepsAhead * depthStride * sizeof(T);
        for (nint step = 0; step < depth; step++)
        {
            var from = (byte*)(source + (step * depthStride));
            for (nint line = 0; Sse.IsSupported && line < panels * bytes; line += CacheLineBytes)
            {
                Sse.Prefetch0(from + ahead + line);
            }

            var to = (byte*)(target + (step * panelWidth));
            for (nint panel = 0; panel < panels; panel++)
            {
                CopyShort(from, to, bytes);
                from += bytes;
                to += panelStride * sizeof(T);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void CopyShort(byte* from, byte* to, nint bytes)
    {
        for (; bytes >= 64; bytes -= 64, from += 64, to += 64)
        {
            Vector512.Load(from).Store(to);
        }

        for (; bytes >= 16; bytes -= 16, from += 16, to += 16)
        {
            Vector128.Load(from).Store(to);
        }

        for (; bytes >= 8; bytes -= 8, from += 8, to += 8)
        {
            *(long*)to = *(long*)from;
        }

        if (bytes != 0)
        {
            *(int*)to = *(int*)from;
        }
    }

    private static void PackPanel(T* source, nint acrossStride, nint depthStride, nint width, int panelWidth, nint depth, T* target)
    {
        nint across = 0;
        nint step = 0;
        if (depthStride == 1)
        {
            step = depth / 4 * 4;
            for (; across + 4 <= width; across += 4)
            {
                TransposedBlocks.Run(source + (across * acrossStride), acrossStride, target + across, panelWidth, step);
            }

            if (across < width)
            {
                Gather(source + (across * acrossStride), acrossStride, 1, width - across, panelWidth, 0, step, target + across);
            }
        }

        Gather(source, acrossStride, depthStride, width, panelWidth, step, depth, target);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Gather(
        T* source, nint acrossStride, nint depthStride, nint width, int panelWidth, nint from, nint to, T* target)
    {
        for (var step = from; step < to; step++)
        {
            for (nint across = 0; across < width; across++)
            {
                target[(step * panelWidth) + across] = source[(step * depthStride) + (across * acrossStride)];
            }
        }
    }
}
