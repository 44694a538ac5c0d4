using System.Diagnostics;
using TensorCell.Kernels;

namespace TensorCell.Tensors.Graph;

/// <summary>
/// Copies between layouts whose fastest axes differ, in tiles of one cache line each way: every line is read once and written once, where
/// running along one layout would touch each line of the other many times.
/// </summary>
internal static unsafe class TransposedCopy
{
    private const int LineBytes = 64;
    private const long SmallestCount = 4096;

    /// <summary>Copies if the layouts are of that kind; else does nothing and returns false.</summary>
    /// <param name="from">The source's first element.</param>
    /// <param name="source">How the source lies.</param>
    /// <param name="to">The target's first element.</param>
    /// <param name="target">How the target lies; of the same shape.</param>
    /// <param name="size">Bytes per element, 4 or 8.</param>
    public static bool TryRun(nint from, Layout source, nint to, Layout target, int size)
    {
        int columns = source.Shape.Rank - 1;
        int rows = Array.IndexOf(source.Strides, 1L);
        if (rows < 0 || rows == columns || target.Strides[columns] != 1 || source.Strides[columns] == 0
            || source.Shape.Count < SmallestCount
            || source.Shape[rows] * size < LineBytes || source.Shape[columns] * size < LineBytes)
        {
            return false;
        }

        long start = Stopwatch.GetTimestamp();
        if (size == sizeof(int))
        {
            Run<int>(from, source, to, target, rows);
        }
        else
        {
            Run<long>(from, source, to, target, rows);
        }

        if (Tracing.IsEnabled)
        {
            Tracing.Write(new TraceEvent(
                TraceKind.Kernel, "transpose", Device.Cpu.Name, start, Stopwatch.GetTimestamp(), 2 * source.Shape.Count * size, 0));
        }

        return true;
    }

    private static void Run<T>(nint from, Layout source, nint to, Layout target, int rowAxis)
        where T : unmanaged
    {
        int tile = LineBytes / sizeof(T);
        int columnAxis = source.Shape.Rank - 1;
        int rows = source.Shape[rowAxis];
        int columns = source.Shape[columnAxis];
        int strips = (rows + tile - 1) / tile;
        long planes = source.Shape.Count / ((long)rows * columns);
        Workers.For(checked((int)(planes * strips)), block =>
        {
            T* input = (T*)from;
            T* output = (T*)to;
            int rest = block / strips;
            for (int axis = columnAxis - 1; axis >= 0; axis--)
            {
                if (axis != rowAxis)
                {
                    int position = rest % source.Shape[axis];
                    rest /= source.Shape[axis];
                    input += position * source.Strides[axis];
                    output += position * target.Strides[axis];
                }
            }

            int row = block % strips * tile;
            input += row;
            output += row * target.Strides[rowAxis];
            int height = Math.Min(tile, rows - row);
            for (int column = 0; column < columns; column += tile)
            {
                Tile(
                    input + (column * source.Strides[columnAxis]),
                    source.Strides[columnAxis],
                    output + column,
                    target.Strides[rowAxis],
                    height,
                    Math.Min(tile, columns - column));
            }
        });
    }

    private static void Tile<T>(T* input, long inputStride, T* output, long outputStride, int rows, int columns)
        where T : unmanaged
    {
        const int most = LineBytes / sizeof(int);
        T* held = stackalloc T[most * most];
        for (int column = 0; column < columns; column++)
        {
            new ReadOnlySpan<T>(input + (column * inputStride), rows).CopyTo(new Span<T>(held + (column * most), rows));
        }

        for (int row = 0; row < rows; row++)
        {
            T* line = output + (row * outputStride);
            for (int column = 0; column < columns; column++)
            {
                line[column] = held[(column * most) + row];
            }
        }
    }
}
