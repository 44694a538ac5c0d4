using System.Runtime.CompilerServices;
using TensorCell.Kernels;
using TensorCell.Tensors.LinearAlgebra;

namespace TensorCell.Tensors.Attention;

/// <summary>
/// Attention in tiles, whose scores are never all there (Dao et al. 2022). A panel of queries, one lane each, stays in the nearest cache while blocks of
/// packed keys and values stream past: the scores of a block, keys down and queries across, are just what the tiles take for the right factor of
/// the product with the values, so the powers are taken in place and nothing is moved between the two products.
/// </summary>
internal sealed unsafe class PanelAttention<TSimd, TVector, T> : IDisposable
    where TSimd : struct, IFusedVector<TVector, T>
    where TVector : struct
    where T : unmanaged
{
    private const nint KeysPerBlock = 128;
    private const int MostPanelsPerTask = 4;
    private const int TasksPerThread = 8;
    private const double SerialFlops = 1e6;

    private readonly AttentionProblem problem;
    private readonly AttentionOutput<TSimd, TVector, T> output;
    private readonly Tile tile;
    private readonly nint block;
    private readonly nint packedLength;
    private readonly nint scratchLength;
    private readonly KeySplits splits;
    private readonly nint panels;
    private readonly int panelsPerTask;

    /// <summary>Prepares to compute.</summary>
    /// <param name="problem">What; there are keys.</param>
    /// <param name="target">Receives the result.</param>
    /// <param name="logSums">See <see cref="AttentionOutput{TSimd, TVector, T}"/>.</param>
    public PanelAttention(AttentionProblem problem, T* target, T* logSums)
    {
        this.problem = problem;
        tile = Tile.Of(problem.DType, TSimd.Count * sizeof(T) * 8);
        block = BlockSizes.RoundUp(KeysPerBlock, tile.Rows);
        panels = BlockSizes.CeilingDivide(problem.GroupRows, tile.Columns);
        splits = KeySplits.For(problem.Keys, problem.Groups * panels, block);
        nint wanted = BlockSizes.CeilingDivide(problem.Groups * panels * splits.Count, TasksPerThread * (nint)Workers.ThreadCount);
        panelsPerTask = (int)Math.Clamp(wanted, 1, Math.Min(panels, MostPanelsPerTask));
        packedLength = PackedKeys<T>.Length(problem, tile);
        scratchLength = AttentionScratch<T>.Length(problem, tile, block, panelsPerTask);
        output = new AttentionOutput<TSimd, TVector, T>(problem, splits, target, logSums);
    }

    private int PanelTasks => (int)BlockSizes.CeilingDivide(panels, panelsPerTask);

    /// <summary>Computes the result.</summary>
    public void Run()
    {
        if (problem.Groups >= TasksPerThread * Workers.ThreadCount)
        {
            RunWholeGroups();
        }
        else
        {
            RunShared();
        }

        output.Join();
    }

    /// <inheritdoc/>
    public void Dispose() => output.Dispose();

    /// <summary>Every thread packs and computes whole groups, whose keys stay in its own cache.</summary>
    private void RunWholeGroups()
    {
        using CpuBuffer buffer = MatrixMultiply.Allocate(Workers.ThreadCount * (packedLength + scratchLength) * sizeof(T));
        T* memory = (T*)buffer.Address;
        Workers.For(problem.Groups, (group, participant) =>
        {
            T* own = memory + (participant * (packedLength + scratchLength));
            PackedKeys<T> packed = new(problem, tile, own);
            packed.Pack(group, 0, problem.Keys);
            for (int task = 0; task < PanelTasks * splits.Count; task++)
            {
                RunTask(packed, group, task, own + packedLength);
            }
        });
    }

    /// <summary>All threads pack all keys, then share out the panels of queries.</summary>
    private void RunShared()
    {
        using CpuBuffer buffer = MatrixMultiply.Allocate(((problem.Groups * packedLength) + (Workers.ThreadCount * scratchLength)) * sizeof(T));
        T* memory = (T*)buffer.Address;
        T* scratch = memory + (problem.Groups * packedLength);
        int blocks = (int)BlockSizes.CeilingDivide(problem.Keys, 2 * block);
        For(problem.Groups * blocks, (task, _) =>
        {
            (int group, int number) = Math.DivRem(task, blocks);
            new PackedKeys<T>(problem, tile, memory + (group * packedLength)).Pack(
                group, number * 2 * block, Math.Min(problem.Keys, (number + 1) * 2 * block));
        });
        int tasks = PanelTasks * splits.Count;
        For(problem.Groups * tasks, (task, participant) =>
        {
            (int group, int number) = Math.DivRem(task, tasks);

            // Those that see the most keys first, so that the last ones are short.
            RunTask(new PackedKeys<T>(problem, tile, memory + (group * packedLength)), group, tasks - 1 - number, scratch + (participant * scratchLength));
        });
    }

    private void For(int tasks, Action<int, int> run)
    {
        if (problem.Flops >= SerialFlops)
        {
            Workers.For(tasks, run);
            return;
        }

        for (int task = 0; task < tasks; task++)
        {
            run(task, 0);
        }
    }

    private void RunTask(PackedKeys<T> packed, int group, int task, T* memory)
    {
        (int number, int part) = Math.DivRem(task, splits.Count);
        nint first = (nint)number * panelsPerTask;
        int count = (int)Math.Min(panelsPerTask, panels - first);
        AttentionScratch<T> scratch = new(problem, tile, block, panelsPerTask, memory);
        for (int panel = 0; panel < count; panel++)
        {
            Begin(scratch, group, (first + panel) * tile.Columns, panel);
        }

        for (nint key = splits.First(part); key < splits.End(part); key += block)
        {
            Interruption.Check();
            for (int panel = 0; panel < count; panel++)
            {
                ref QueryPanel<T> queries = ref scratch.Panel(panel);
                nint keys = Math.Min(Math.Min(block, splits.End(part) - key), queries.Visible - key);
                if (keys > 0)
                {
                    Attend(packed, scratch, ref queries, group, key, keys);
                }
            }
        }

        for (int panel = 0; panel < count; panel++)
        {
            End(scratch, scratch.Panel(panel), group, part);
        }
    }

    /// <summary>Packs the queries of a panel, scaled so that scores come in units of ln 2.</summary>
    private void Begin(AttentionScratch<T> scratch, int group, nint firstRow, int number)
    {
        ref QueryPanel<T> panel = ref scratch.Panel(number);
        panel.FirstRow = firstRow;
        panel.Rows = (int)Math.Min(tile.Columns, problem.GroupRows - firstRow);
        panel.Visible = 0;
        panel.SeenByAll = problem.Keys;
        panel.HasBegun = false;
        nint depth = problem.Depth;
        for (int row = 0; row < tile.Columns; row++)
        {
            nint visible = 0;
            if (row < panel.Rows)
            {
                visible = problem.Visible(firstRow + row);
                panel.Visible = Math.Max(panel.Visible, visible);
                panel.SeenByAll = Math.Min(panel.SeenByAll, visible);
                AttentionRows<TSimd, TVector, T>.Scale(problem, group, firstRow + row, scratch.Rows + (row * depth));
            }

            panel.Greatest[row] = Numbers<T>.Least;
            panel.Total[row] = default;
            panel.Limits[row] = visible;
        }

        Packing<T>.Pack(scratch.Rows, depth, 1, panel.Rows, tile.Columns, depth, panel.Queries, 0);
    }

    /// <summary>Takes a block of keys and values in.</summary>
    private void Attend(PackedKeys<T> packed, AttentionScratch<T> scratch, ref QueryPanel<T> panel, int group, nint key, nint keys)
    {
        if (problem.Mask is not null && !ReadMask(scratch, panel, group, key, keys))
        {
            return;
        }

        Score(packed.Keys + (key * problem.Depth), panel, keys, scratch.Scores);
        int vectors = panel.Rows > TSimd.Count ? 2 : 1;
        if (problem.Mask is not null)
        {
            AttentionRows<TSimd, TVector, T>.Add(scratch.Scores, scratch.Mask, keys * tile.Columns);
        }

        if (key + keys > panel.SeenByAll)
        {
            Hide(scratch.Scores, panel, key, keys);
        }

        bool rescales = false;
        for (int vector = 0; vector < vectors; vector++)
        {
            int lane = vector * TSimd.Count;
            rescales |= OnlineSoftmax<TSimd, TVector, T>.Update(
                scratch.Scores + lane, tile.Columns, keys, panel.Greatest + lane, panel.Total + lane, panel.Factor + lane);
        }

        for (int vector = 0; rescales && panel.HasBegun && vector < vectors; vector++)
        {
            int lane = vector * TSimd.Count;
            OnlineSoftmax<TSimd, TVector, T>.Rescale(panel.Sums + lane, tile.Columns, problem.Width, panel.Factor + lane);
        }

        SumUp(packed.Values + (key * tile.Rows), packed.ValueStride, panel, keys, scratch.Scores);
        panel.HasBegun = true;
    }

    private bool ReadMask(AttentionScratch<T> scratch, in QueryPanel<T> panel, int group, nint key, nint keys)
    {
        MaskPanels<TSimd, TVector, T> mask = new(problem);
        bool any = false;
        for (int row = 0; row < panel.Rows; row++)
        {
            any |= mask.Read(group, panel.FirstRow + row, key, keys, scratch.Rows + (row * keys));
        }

        if (any)
        {
            Packing<T>.Pack(scratch.Rows, keys, 1, panel.Rows, tile.Columns, keys, scratch.Mask, 0);
        }

        return any;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Score(T* left, in QueryPanel<T> panel, nint keys, T* scores)
    {
        nint depth = problem.Depth;
        nint height = tile.Rows;
        nint rowBytes = (nint)tile.Columns * sizeof(T);
        T* queries = panel.Queries;
        TileBody body = tile.Body(tile.Rows, panel.Rows);
        nint key = height;
        for (; key <= keys; key += height)
        {
            T* next = left + (height * depth);
            body(depth, left, queries, scores, rowBytes, accumulate: false, next);
            left = next;
            scores = (T*)((byte*)scores + (height * rowBytes));
        }

        if (key - keys < height)
        {
            tile.Body((int)(keys - key + height), panel.Rows)(depth, left, queries, scores, rowBytes, accumulate: false, left);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void SumUp(T* left, nint stride, in QueryPanel<T> panel, nint keys, T* weights)
    {
        int height = tile.Rows;
        int width = problem.Width;
        nint rowBytes = (nint)tile.Columns * sizeof(T);
        T* sums = panel.Sums;
        bool accumulate = panel.HasBegun;
        TileBody body = tile.Body(height, panel.Rows);
        int column = height;
        for (; column <= width; column += height)
        {
            body(keys, left, weights, sums, rowBytes, accumulate, left + stride);
            left += stride;
            sums = (T*)((byte*)sums + (height * rowBytes));
        }

        if (column - width < height)
        {
            tile.Body(width - column + height, panel.Rows)(keys, left, weights, sums, rowBytes, accumulate, left);
        }
    }

    /// <summary>Scores of keys that causality hides become -∞.</summary>
    private void Hide(T* scores, in QueryPanel<T> panel, nint key, nint keys)
    {
        T* limits = stackalloc T[tile.Columns];
        for (int row = 0; row < tile.Columns; row++)
        {
            limits[row] = Numbers<T>.FromDouble(Math.Clamp(panel.Limits[row] - key, 0, keys));
        }

        nint first = Math.Max(0, panel.SeenByAll - key);
        for (int lane = 0; lane < panel.Rows; lane += TSimd.Count)
        {
            AttentionRows<TSimd, TVector, T>.Hide(scores + lane, tile.Columns, first, keys, limits + lane);
        }
    }

    private void End(AttentionScratch<T> scratch, in QueryPanel<T> panel, int group, int part)
    {
        nint width = problem.Width;
        if (!panel.HasBegun)
        {
            new Span<T>(panel.Sums, (int)(width * tile.Columns)).Clear();
        }

        // Packing transposes: here what has a lane for each row to rows, of which it takes four at a time.
        if (width > 0)
        {
            Packing<T>.Pack(panel.Sums, tile.Columns, 1, width, (int)width, panel.Rows, scratch.Rows, 0);
        }

        for (int row = 0; row < panel.Rows; row++)
        {
            output.Finish(
                (group * problem.GroupRows) + panel.FirstRow + row,
                part,
                scratch.Rows + (row * width),
                Numbers<T>.ToDouble(panel.Greatest[row]),
                Numbers<T>.ToDouble(panel.Total[row]));
        }
    }
}
