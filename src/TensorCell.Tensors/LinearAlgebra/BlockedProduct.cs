using System.Runtime.CompilerServices;
using TensorCell.Kernels;

namespace TensorCell.Tensors.LinearAlgebra;

/// <summary>
/// One matrix product by the method of Goto and van de Geijn (2008) as BLIS refines it: A and B are packed into panels, and tiles
/// of C are computed from them in registers. Spans of A and B are packed by all threads; then tasks, each a block of C through the
/// whole span's depth, are shared out. Where few rows are multiplied each task packs what it needs of B itself, for nobody else reads it and
/// it stays in its caches. Every element of C is summed in one order, whatever the number of threads.
/// </summary>
internal sealed unsafe class BlockedProduct<T>(MatrixProduct product, MatrixEpilogue epilogue, Tile tile)
    where T : unmanaged
{
    private const int TasksPerThread = 4;
    private const int MostRowsPerOwnPacking = 4; // in tiles
    private readonly BlockSizes sizes = tile.Blocks;
    private readonly nint rows = (nint)product.Rows;
    private readonly nint columns = (nint)product.Columns;
    private readonly nint depth = (nint)product.Depth;
    private readonly MatrixOperand a = product.A;
    private readonly MatrixOperand b = product.B;
    private readonly MatrixOperand c = product.C;
    private readonly nint depthBlock = BlockSizes.Even((nint)product.Depth, tile.Blocks.Depth, 4);
    private readonly bool packsInTasks = PacksInTasks(product, tile);
    private T* packedA;
    private T* packedB;
    private nint firstRow, rowSpan, firstColumn, columnSpan, firstStep, depthSpan;
    private PackingPlan<T> packingA, packingB;
    private int rowTasks, columnTasks;

    /// <summary>Computes C.</summary>
    public void Run()
    {
        var mostSteps = Math.Min(depth, BlockSizes.Even(depth, sizes.DepthSpan, depthBlock));
        var mostRows = BlockSizes.Even(rows, sizes.RowSpan, tile.Rows);
        var mostColumns = BlockSizes.Even(columns, sizes.ColumnSpan, tile.Columns);
        using var bufferA = MatrixMultiply.Allocate(mostRows * mostSteps * sizeof(T));
        using var bufferB = MatrixMultiply.Allocate(packsInTasks ? 0 : mostColumns * mostSteps * sizeof(T));
        packedA = (T*)bufferA.Address;
        packedB = (T*)bufferB.Address;
        for (firstColumn = 0; firstColumn < columns; firstColumn += mostColumns)
        {
            columnSpan = Math.Min(mostColumns, columns - firstColumn);
            firstStep = 0;
            do
            {
                depthSpan = Math.Min(mostSteps, depth - firstStep);
                for (firstRow = 0; firstRow < rows; firstRow += mostRows)
                {
                    rowSpan = Math.Min(mostRows, rows - firstRow);
                    RunSpan(packB: firstRow == 0);
                }

                firstStep += mostSteps;
            }
            while (firstStep < depth);
        }
    }

    private static bool PacksInTasks(in MatrixProduct product, Tile tile) =>
        !MatrixMultiply.IsSerial(product)
        && product.Rows <= MostRowsPerOwnPacking * tile.Rows
        && BlockSizes.CeilingDivide((nint)product.Columns, tile.Columns) >= TasksPerThread * Workers.ThreadCount;

    private void RunSpan(bool packB)
    {
        packingA = Plan(a.Offset((firstRow * a.RowStride) + (firstStep * a.ColumnStride), sizeof(T)), rowSpan, tile.Rows, packedA);
        var fromB = b.Offset((firstColumn * b.ColumnStride) + (firstStep * b.RowStride), sizeof(T)).Transposed;
        packingB = Plan(fromB, packB && !packsInTasks ? columnSpan : 0, tile.Columns, packedB);
        ChooseTasks();
        For(packingA.TaskCount + packingB.TaskCount, Pack);
        For(rowTasks * columnTasks, Multiply);
    }

    private PackingPlan<T> Plan(MatrixOperand matrix, nint span, int panelWidth, T* target) =>
        new(matrix, span, depthSpan, depthBlock, panelWidth, target);

    private void For(int tasks, Action<int> run)
    {
        if (!MatrixMultiply.IsSerial(product))
        {
            Workers.For(tasks, run);
            return;
        }

        for (var task = 0; task < tasks; task++)
        {
            run(task);
        }
    }

    private void ChooseTasks()
    {
        rowTasks = (int)BlockSizes.CeilingDivide(rowSpan, sizes.TaskRows);
        columnTasks = (int)BlockSizes.CeilingDivide(columnSpan, sizes.TaskColumns);
        var rowTiles = packsInTasks ? rowTasks : BlockSizes.CeilingDivide(rowSpan, tile.Rows);
        var columnTiles = BlockSizes.CeilingDivide(columnSpan, tile.Columns);
        var wanted = MatrixMultiply.IsSerial(product) ? 1 : TasksPerThread * Workers.ThreadCount;
        while (rowTasks * columnTasks < wanted && (rowTasks < rowTiles || columnTasks < columnTiles))
        {
            if (columnTasks == columnTiles || (rowTasks < rowTiles && rowTiles * columnTasks >= columnTiles * rowTasks))
            {
                rowTasks = (int)Math.Min(rowTiles, 2 * rowTasks);
            }
            else
            {
                columnTasks = (int)Math.Min(columnTiles, 2 * columnTasks);
            }
        }
    }

    private void Pack(int task)
    {
        if (task < packingA.TaskCount)
        {
            packingA.Run(task);
        }
        else
        {
            packingB.Run(task - packingA.TaskCount);
        }
    }

    private void Multiply(int task)
    {
        var (rowTask, columnTask) = Math.DivRem(task, columnTasks);
        var (row, rowEnd) = Share(rowTask, rowTasks, rowSpan, tile.Rows);
        var (column, columnEnd) = Share(columnTask, columnTasks, columnSpan, tile.Columns);
        using var own = packsInTasks ? MatrixMultiply.Allocate(BlockSizes.RoundUp(columnEnd - column, tile.Columns) * depthBlock * sizeof(T)) : null;
        nint step = 0;
        do
        {
            var steps = Math.Min(depthBlock, depthSpan - step);
            var panelsB = own is null
                ? packedB + (step * BlockSizes.RoundUp(columnSpan, tile.Columns)) + (column * steps)
                : PackOwn((T*)own.Address, column, columnEnd, step, steps);
            MultiplyBlock(row, rowEnd, column, columnEnd, step, steps, panelsB);
            step += depthBlock;
        }
        while (step < depthSpan);
    }

    private T* PackOwn(T* target, nint column, nint columnEnd, nint step, nint steps)
    {
        var source = b.Offset(((firstColumn + column) * b.ColumnStride) + ((firstStep + step) * b.RowStride), sizeof(T));
        Packing<T>.Pack(
            (T*)source.Address, (nint)b.ColumnStride, (nint)b.RowStride, columnEnd - column, tile.Columns, steps, target, steps * tile.Columns);
        return target;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void MultiplyBlock(nint row, nint rowEnd, nint column, nint columnEnd, nint step, nint steps, T* panelsB)
    {
        var (tileRows, tileColumns) = (tile.Rows, tile.Columns);
        var panelsA = packedA + (step * BlockSizes.RoundUp(rowSpan, tileRows));
        var accumulate = firstStep + step > 0;
        var isLast = firstStep + step + steps >= depth;
        var cRowStride = (nint)c.RowStride;
        for (var i = row; i < rowEnd; i += tileRows)
        {
            var rowsHere = (int)Math.Min(tileRows, rowSpan - i);
            var panelA = panelsA + (i * steps);
            var next = panelA + (tileRows * steps);
            for (var j = column; j < columnEnd; j += tileColumns)
            {
                var columnsHere = (int)Math.Min(tileColumns, columnSpan - j);
                var body = tile.Body(rowsHere, columnsHere);
                var panelB = panelsB + ((j - column) * steps);
                var target = (T*)c.Address + ((firstRow + i) * cRowStride) + ((firstColumn + j) * (nint)c.ColumnStride);
                if (c.ColumnStride == 1 && tile.IsWhole(columnsHere))
                {
                    body(steps, panelA, panelB, target, cRowStride * sizeof(T), accumulate, next);
                }
                else
                {
                    RunAside(body, rowsHere, columnsHere, steps, panelA, panelB, target, accumulate, next);
                }

                next += tileRows * steps / Tile.TilesPerPrefetchedPanel;
            }

            if (isLast)
            {
                epilogue.Run(firstRow + i, firstColumn + column, rowsHere, columnEnd - column);
            }
        }
    }

    /// <summary>A tile that reaches beyond C, or whose rows are not of adjacent elements: computed aside, then merged.</summary>
    [SkipLocalsInit]
    private void RunAside(
        TileBody body, int rowsHere, int columnsHere, nint steps, T* panelA, T* panelB, T* target, bool accumulate, T* next)
    {
        var width = tile.Columns;
        var aside = stackalloc T[rowsHere * width];
        body(steps, panelA, panelB, aside, width * sizeof(T), accumulate: false, next);
        for (var i = 0; i < rowsHere; i++)
        {
            for (var j = 0; j < columnsHere; j++)
            {
                var element = target + (i * (nint)c.RowStride) + (j * (nint)c.ColumnStride);
                var value = aside[(i * width) + j];
                *element = accumulate ? Numbers<T>.Add(*element, value) : value;
            }
        }
    }

    /// <summary>The part of a span that is one of several nearly equal tasks, in whole tiles.</summary>
    private static (nint First, nint End) Share(int task, int tasks, nint span, int length)
    {
        var tiles = BlockSizes.CeilingDivide(span, length);
        return (tiles * task / tasks * length, Math.Min(span, tiles * (task + 1) / tasks * length));
    }
}
