using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using TensorCell.Kernels;

namespace TensorCell.Tensors.Graph;

/// <summary>The parts of a value at positions along an axis, or along several that are counted together.</summary>
/// <param name="place">Where the positions' axes stand in the result.</param>
/// <param name="stride">Elements from one position to the next in the value.</param>
/// <param name="source">The value, without the axes that are picked from.</param>
/// <param name="positions">The positions, i64, within range, contiguous.</param>
internal sealed unsafe class TakeOperation(int place, long stride, Operand source, Operand positions) : Operation("take", source, positions)
{
    private const int PartsAhead = 2;
    private const int LineBytes = 64;

    /// <inheritdoc/>
    protected override Storage Run(Value target)
    {
        Storage to = Storage.Allocate(target.Layout.Shape.Count * target.DType.Size);
        Storage from = Realizer.Realize(Inputs[0].Value);
        Storage indices = Realizer.Realize(Inputs[1].Value);
        if (target.Layout.Shape.Count > 0)
        {
            switch (target.DType.Size)
            {
                case 1:
                    Run<byte>(from, indices, to);
                    break;
                case 2:
                    Run<ushort>(from, indices, to);
                    break;
                case 4:
                    Run<uint>(from, indices, to);
                    break;
                default:
                    Run<ulong>(from, indices, to);
                    break;
            }
        }

        GC.KeepAlive(from);
        GC.KeepAlive(indices);
        return to;
    }

    private void Run<T>(Storage from, Storage indices, Storage to)
        where T : unmanaged
    {
        PickedParts parts = new(Inputs[0].Layout, place, stride);
        CopySpace part = new(parts.Inner, Layout.Of(parts.Inner.Shape));
        nint first = from.Address + (nint)(part.FromOffset * sizeof(T));
        nint picked = indices.Address + (nint)(Inputs[1].Layout.Offset * sizeof(long));
        nint output = to.Address;
        long count = Inputs[1].Layout.Shape.Count;
        long rows = parts.OuterCount * count;
        bool isStreamed = StridedCopy.IsStreamed(rows * part.Count * sizeof(T));
        Blocks.For(rows, part.Count * sizeof(T), (row, end) =>
        {
            while (row < end)
            {
                long position = row % count;
                long length = Math.Min(count - position, end - row);
                Take(
                    (T*)first + parts.Offset(row / count), stride, (long*)picked + position, length, (T*)output + (row * part.Count), part, isStreamed);
                row += length;
            }
        });
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Take<T>(T* from, long stride, long* positions, long count, T* to, CopySpace part, bool isStreamed)
        where T : unmanaged
    {
        if (part.Count == 1)
        {
            for (long index = 0; index < count; index++)
            {
                to[index] = from[positions[index] * stride];
            }

            return;
        }

        bool isTogether = part.Rank == 1 && part.From[0] == 1;
        for (long index = 0; index < count; index++)
        {
            T* source = from + (positions[index] * stride);
            if (isTogether)
            {
                if (index + PartsAhead < count)
                {
                    Prefetch((byte*)(from + (positions[index + PartsAhead] * stride)), part.Count * sizeof(T));
                }

                Runs.Copy((byte*)source, (byte*)to, part.Count * sizeof(T), isStreamed);
            }
            else
            {
                StridedCopy.Run(source, to, part);
            }

            to += part.Count;
        }
    }

    // The hardware cannot see where the next part lies.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Prefetch(byte* part, long bytes)
    {
        for (long line = 0; Sse.IsSupported && line < bytes; line += LineBytes)
        {
            Sse.Prefetch0(part + line);
        }
    }
}
