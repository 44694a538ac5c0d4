using System.Numerics;
using System.Runtime.CompilerServices;
using TensorCell.Kernels;

namespace TensorCell.Tensors.LinearAlgebra;

/// <summary>
/// One product of i32 or i64 matrices, which wraps. Spans of B are packed into panels of two vectors' width; tiles of four rows by a panel are summed
/// in registers. Sums that wrap are the same in any order, so results depend neither on threads nor on the width of vectors.
/// </summary>
internal sealed unsafe class IntegerProduct<T>(MatrixProduct product, MatrixEpilogue epilogue)
    where T : unmanaged, IBinaryInteger<T>
{
    private const int TileRows = 4;
    private const int TaskRows = 64;
    private const int TaskPanels = 16;

    // A panel of B that deep stays in the nearest cache.
    private const int DepthBlock = 256;

    private static readonly int panelWidth = 2 * Vector<T>.Count;

    private readonly long rows = product.Rows;
    private readonly long columns = product.Columns;
    private readonly MatrixOperand a = product.A;
    private readonly MatrixOperand b = product.B;
    private readonly MatrixOperand c = product.C;
    private T* packed;
    private long firstStep;
    private int steps;

    private delegate void Part(long begin, long end);

    /// <summary>Whether it takes less work as the product of the transposes: where C is narrower than a panel.</summary>
    public static bool IsBetterTransposed(in MatrixProduct product) => product.Columns < panelWidth && product.Rows > product.Columns;

    /// <summary>Computes C.</summary>
    public void Run()
    {
        long panels = CeilingDivide(columns, panelWidth);
        long rowTasks = CeilingDivide(rows, TaskRows);
        long panelTasks = CeilingDivide(panels, TaskPanels);
        using CpuBuffer buffer = MatrixMultiply.Allocate(panels * panelWidth * Math.Min(product.Depth, DepthBlock) * sizeof(T));
        packed = (T*)buffer.Address;
        do
        {
            steps = (int)Math.Min(DepthBlock, product.Depth - firstStep);
            For(panels, 4, Pack);
            For(rowTasks * panelTasks, 1, (begin, end) =>
            {
                for (long task = begin; task < end; task++)
                {
                    MultiplyTask(task / panelTasks * TaskRows, task % panelTasks * TaskPanels, panels);
                }
            });
            firstStep += DepthBlock;
        }
        while (firstStep < product.Depth);
    }

    private static long CeilingDivide(long length, long part) => (length + part - 1) / part;

    private void For(long count, long least, Part body)
    {
        if (MatrixMultiply.IsSerial(product))
        {
            Interruption.Check();
            body(0, count);
            return;
        }

        long together = Math.Max(least, CeilingDivide(count, 1 << 20));
        Workers.For((int)CeilingDivide(count, together), block => body(block * together, Math.Min(count, (block + 1) * together)));
    }

    /// <summary>Puts panels of the span of B one after another, step by step; the last one is filled up with zeros.</summary>
    private void Pack(long begin, long end)
    {
        for (long panel = begin; panel < end; panel++)
        {
            long column = panel * panelWidth;
            int width = (int)Math.Min(panelWidth, columns - column);
            T* to = packed + (column * steps);
            T* from = (T*)b.Address + (column * b.ColumnStride) + (firstStep * b.RowStride);
            for (int step = 0; step < steps; step++, to += panelWidth, from += b.RowStride)
            {
                int lane = 0;
                for (; lane < width; lane++)
                {
                    to[lane] = from[lane * b.ColumnStride];
                }

                for (; lane < panelWidth; lane++)
                {
                    to[lane] = T.Zero;
                }
            }
        }
    }

    [SkipLocalsInit]
    private void MultiplyTask(long firstRow, long firstPanel, long panels)
    {
        long endRow = Math.Min(rows, firstRow + TaskRows);
        long endPanel = Math.Min(panels, firstPanel + TaskPanels);
        T* tile = stackalloc T[TileRows * panelWidth];
        for (long panel = firstPanel; panel < endPanel; panel++)
        {
            long column = panel * panelWidth;
            int width = (int)Math.Min(panelWidth, columns - column);
            for (long row = firstRow; row < endRow; row += TileRows)
            {
                int height = (int)Math.Min(TileRows, endRow - row);
                Tile((T*)a.Address + (row * a.RowStride) + (firstStep * a.ColumnStride), height, packed + (column * steps), tile);
                Merge(tile, row, column, height, width);
            }
        }

        if (firstStep + steps >= product.Depth)
        {
            long firstColumn = firstPanel * panelWidth;
            epilogue.Run(firstRow, firstColumn, endRow - firstRow, Math.Min(columns, endPanel * panelWidth) - firstColumn);
        }
    }

    /// <summary>Four rows of A times a panel of B. Where there are fewer rows, the last one stands for those that are missing.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Tile(T* row0, int height, T* panel, T* result)
    {
        T* row1 = row0 + (height > 1 ? a.RowStride : 0);
        T* row2 = row1 + (height > 2 ? a.RowStride : 0);
        T* row3 = row2 + (height > 3 ? a.RowStride : 0);
        Vector<T> left0 = default, left1 = default, left2 = default, left3 = default;
        Vector<T> right0 = default, right1 = default, right2 = default, right3 = default;
        int count = Vector<T>.Count;
        long stride = a.ColumnStride;
        long at = 0;
        for (int step = 0; step < steps; step++, at += stride, panel += 2 * count)
        {
            Vector<T> left = Vector.Load(panel);
            Vector<T> right = Vector.Load(panel + count);
            Vector<T> factor = new(row0[at]);
            left0 += factor * left;
            right0 += factor * right;
            factor = new(row1[at]);
            left1 += factor * left;
            right1 += factor * right;
            factor = new(row2[at]);
            left2 += factor * left;
            right2 += factor * right;
            factor = new(row3[at]);
            left3 += factor * left;
            right3 += factor * right;
        }

        left0.Store(result);
        right0.Store(result + count);
        left1.Store(result + (2 * count));
        right1.Store(result + (3 * count));
        left2.Store(result + (4 * count));
        right2.Store(result + (5 * count));
        left3.Store(result + (6 * count));
        right3.Store(result + (7 * count));
    }

    /// <summary>Writes a tile to C, or adds it to what earlier spans gave.</summary>
    private void Merge(T* tile, long row, long column, int height, int width)
    {
        for (int i = 0; i < height; i++, tile += panelWidth)
        {
            T* to = (T*)c.Address + ((row + i) * c.RowStride) + (column * c.ColumnStride);
            for (int j = 0; j < width; j++, to += c.ColumnStride)
            {
                *to = firstStep == 0 ? tile[j] : unchecked(*to + tile[j]);
            }
        }
    }
}
