using System.Runtime.CompilerServices;
using TensorCell.Kernels;
using TensorCell.Tensors.LinearAlgebra;

namespace TensorCell.Tensors.Attention;

/// <summary>What one thread does at a time: some panels of queries of a group attend to a part of its keys, block after block.</summary>
/// <param name="problem">What is computed.</param>
/// <param name="tile">The tiles.</param>
/// <param name="output">Takes the rows.</param>
/// <param name="block">Keys in a block: whole panels.</param>
internal sealed unsafe class PanelTask<TSimd, TVector, T>(
    AttentionProblem problem, Tile tile, AttentionOutput<TSimd, TVector, T> output, nint block)
    where TSimd : struct, IFusedVector<TVector, T>
    where TVector : struct
    where T : unmanaged
{
    /// <summary>Computes with keys that are packed.</summary>
    /// <param name="range">Which panels and keys.</param>
    /// <param name="memory">Room for so many panels.</param>
    /// <param name="mostPanels">How many.</param>
    /// <param name="packed">All keys of the group.</param>
    public void Run(PanelRange range, T* memory, int mostPanels, PackedKeys<T> packed)
    {
        AttentionScratch<T> scratch = Begin(range, memory, mostPanels);
        for (nint key = range.FirstKey; key < range.EndKey; key += block)
        {
            Attend(range, scratch, packed, key);
        }

        End(range, scratch);
    }

    /// <summary>Computes with keys that are packed block by block.</summary>
    /// <param name="range">Which panels and keys.</param>
    /// <param name="memory">Room for so many panels.</param>
    /// <param name="mostPanels">How many.</param>
    /// <param name="packed">Room for a block of packed keys.</param>
    public void Run(PanelRange range, T* memory, int mostPanels, T* packed)
    {
        AttentionScratch<T> scratch = Begin(range, memory, mostPanels);
        for (nint key = range.FirstKey; key < range.EndKey && IsSeen(range, scratch, key); key += block)
        {
            nint keys = Math.Min(block, range.EndKey - key);
            PackedKeys<T> here = new(problem, tile, packed, key, keys);
            here.Pack(range.Group, key, key + keys);
            Attend(range, scratch, here, key);
        }

        End(range, scratch);
    }

    private static bool IsSeen(PanelRange range, AttentionScratch<T> scratch, nint key)
    {
        bool isSeen = false;
        for (int panel = 0; panel < range.Count; panel++)
        {
            isSeen |= key < scratch.Panel(panel).Visible;
        }

        return isSeen;
    }

    private AttentionScratch<T> Begin(PanelRange range, T* memory, int mostPanels)
    {
        AttentionScratch<T> scratch = new(problem, tile, block, mostPanels, memory);
        for (int panel = 0; panel < range.Count; panel++)
        {
            Begin(scratch, range.Group, (range.First + panel) * tile.Columns, panel);
        }

        return scratch;
    }

    private void Attend(PanelRange range, AttentionScratch<T> scratch, in PackedKeys<T> packed, nint key)
    {
        Interruption.Check();
        for (int panel = 0; panel < range.Count; panel++)
        {
            ref QueryPanel<T> queries = ref scratch.Panel(panel);
            nint keys = Math.Min(Math.Min(block, range.EndKey - key), queries.Visible - key);
            if (keys > 0)
            {
                Attend(packed, scratch, ref queries, range.Group, key, keys);
            }
        }
    }

    private void End(PanelRange range, AttentionScratch<T> scratch)
    {
        for (int panel = 0; panel < range.Count; panel++)
        {
            End(scratch, scratch.Panel(panel), range.Group, range.Part);
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
                AttentionLoops<TSimd, TVector, T>.Scale(problem, group, firstRow + row, scratch.Rows + (row * depth));
            }

            panel.Greatest[row] = Numbers<T>.Least;
            panel.Total[row] = default;
            panel.Limits[row] = visible;
        }

        Packing<T>.Pack(scratch.Rows, depth, 1, panel.Rows, tile.Columns, depth, panel.Queries, 0);
    }

    /// <summary>Takes a block of keys and values in.</summary>
    private void Attend(in PackedKeys<T> packed, AttentionScratch<T> scratch, ref QueryPanel<T> panel, int group, nint key, nint keys)
    {
        MaskEffect mask = new(Sees: true, Changes: false);
        if (problem.Mask is not null)
        {
            mask = new MaskRows<TSimd, TVector, T>(problem).ReadPanel(
                group, panel.FirstRow, panel.Rows, key, keys, tile.Columns, scratch.Rows, scratch.Mask);
        }

        if (!mask.Sees)
        {
            return;
        }

        Score(packed.Keys(key), panel, keys, scratch.Scores);
        int vectors = panel.Rows > TSimd.Count ? 2 : 1;
        if (mask.Changes)
        {
            AttentionLoops<TSimd, TVector, T>.Add(scratch.Scores, scratch.Mask, keys * tile.Columns);
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

        SumUp(packed.Values(key), packed.ValueStride, panel, keys, scratch.Scores);
        panel.HasBegun = true;
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
            AttentionLoops<TSimd, TVector, T>.Hide(scores + lane, tile.Columns, first, keys, limits + lane);
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
