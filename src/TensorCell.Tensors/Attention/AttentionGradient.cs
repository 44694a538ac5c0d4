using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using TensorCell.Kernels;
using TensorCell.Tensors.LinearAlgebra;

namespace TensorCell.Tensors.Attention;

/// <summary>
/// The gradient of attention in tiles (Dao et al. 2022): the weights are computed again block by block from what was kept of each row's sum. A task goes
/// through some keys of a group; keys are lanes, so that their gradients, and those of their values, are summed up where they stay. Gradients
/// of queries are summed up task by task and added in the order of the keys, so the result does not depend on the number of threads.
/// </summary>
internal sealed unsafe class AttentionGradient<TSimd, TVector, T>
    where TSimd : struct, IFusedVector<TVector, T>
    where TVector : struct
    where T : unmanaged
{
    private const int RowsPerTask = 64;
    private static readonly double ln2 = Math.Log(2);

    private readonly AttentionGradientProblem gradient;
    private readonly AttentionProblem problem;
    private readonly Tile tile;
    private readonly KeySplits splits;
    private readonly AttentionGradientSizes sizes;
    private readonly AttentionGradientPacking<TSimd, TVector, T> packing;
    private readonly int[][] classes;
    private readonly bool needsSlopes;
    private T* queryParts;

    /// <summary>Prepares to compute.</summary>
    public AttentionGradient(AttentionGradientProblem gradient)
    {
        this.gradient = gradient;
        problem = gradient.Attention;
        tile = Tile.Of(problem.DType, TSimd.Count * sizeof(T) * 8);
        classes = Classes();
        splits = KeySplits.For(problem.Keys, classes.Length, tile.Columns);
        sizes = new AttentionGradientSizes(
            problem.GroupRows, Math.Min(splits.Length, problem.Keys), problem.Depth, problem.Width, tile.Rows, tile.Columns);
        packing = new AttentionGradientPacking<TSimd, TVector, T>(gradient, sizes);
        needsSlopes = gradient.Query != 0 || gradient.Key != 0 || gradient.Mask is not null;
    }

    /// <summary>Computes the gradients that are wanted.</summary>
    public void Run()
    {
        nint length = BlockSizes.RoundUp(sizes.Length, AttentionGradientSizes.Grain);
        bool areParts = splits.Count > 1 && gradient.Query != 0;
        using CpuBuffer buffer = MatrixMultiply.Allocate(Workers.ThreadCount * length * sizeof(T));
        using CpuBuffer? parts = areParts ? MatrixMultiply.Allocate(splits.Count * problem.Rows * problem.Depth * sizeof(T)) : null;
        queryParts = parts is null ? (T*)gradient.Query : (T*)parts.Address;
        T* memory = (T*)buffer.Address;
        Workers.For(classes.Length * splits.Count, (task, participant) =>
        {
            AttentionGradientScratch<T> scratch = new(sizes, memory + (participant * length));
            (int number, int part) = Math.DivRem(task, splits.Count);
            foreach (int group in classes[number])
            {
                RunTask(scratch, group, part);
            }
        });
        if (parts is not null)
        {
            Workers.For((int)BlockSizes.CeilingDivide(problem.Rows, RowsPerTask), AddParts);
        }
    }

    /// <summary>Groups whose scores a common part of the mask was added to, for one thread to add up; else each by itself.</summary>
    private int[][] Classes()
    {
        IEnumerable<int> groups = Enumerable.Range(0, problem.Groups);
        return gradient.Mask is { } mask
            ? [.. groups.GroupBy(group => mask.At(group / problem.KeyHeads, group % problem.KeyHeads * problem.GroupHeads).Address).Select(shared => shared.ToArray())]
            : [.. groups.Select(group => new[] { group })];
    }

    private void RunTask(in AttentionGradientScratch<T> scratch, int group, int part)
    {
        nint first = splits.First(part);
        nint end = splits.End(part);
        packing.PackRows(scratch, group);
        packing.PackKeys(scratch, group, first, end - first);
        NativeMemory.Clear(scratch.QueryGradients, (nuint)(sizes.Rows * sizes.DepthColumns * sizeof(T)));
        for (nint key = first; key < end; key += sizes.KeyBlock)
        {
            nint keys = Math.Min(sizes.KeyBlock, end - key);
            new Span<T>(scratch.KeyGradients, (int)(sizes.KeyBlock * sizes.Depth)).Clear();
            new Span<T>(scratch.ValueGradients, (int)(sizes.KeyBlock * sizes.Width)).Clear();
            for (nint row = 0; row < sizes.Rows; row += sizes.RowBlock)
            {
                Interruption.Check();
                RunBlock(scratch, new GradientKeys(group, first, end - first, key, keys), row, Math.Min(sizes.RowBlock, sizes.Rows - row));
            }

            nint place = ((nint)group * problem.Keys) + key;
            packing.Unpack(scratch.KeyGradients, sizes.Depth, keys, ln2, (T*)gradient.Key, place);
            packing.Unpack(scratch.ValueGradients, sizes.Width, keys, 1, (T*)gradient.Value, place);
        }

        if (gradient.Query != 0)
        {
            T* target = queryParts + (((part * problem.Rows) + (group * sizes.Rows)) * sizes.Depth);
            for (nint row = 0; row < sizes.Rows; row++)
            {
                AttentionLoops<TSimd, TVector, T>.Scale(
                    scratch.QueryGradients + (row * sizes.DepthColumns), 1, sizes.Depth, problem.Scale, target + (row * sizes.Depth));
            }
        }
    }

    /// <summary>A block of rows and one of keys.</summary>
    private void RunBlock(in AttentionGradientScratch<T> scratch, in GradientKeys keys, nint row, nint rows)
    {
        nint begin = rows;
        for (nint panel = 0; panel < keys.Keys; panel += tile.Columns)
        {
            nint here = Math.Min(tile.Columns, keys.Keys - panel);
            nint start = FirstRowThatSees(keys.Key + panel, row, rows);
            begin = Math.Min(begin, start);
            if (start < rows)
            {
                GradientBlock block = new(keys.Group, keys.Key + panel, here, keys.Key + panel - keys.First, row + start, rows - start);
                RunPanel(scratch, block, scratch.KeyGradients + (panel * sizes.Depth), scratch.ValueGradients + (panel * sizes.Width));
            }

            if (gradient.Query != 0)
            {
                PackSlopes(scratch, start, rows, panel, here, keys.Keys);
            }
        }

        if (gradient.Query != 0)
        {
            AddQueries(scratch, row, begin, rows, keys);
        }
    }

    /// <summary>The first row of a block, from its beginning on, that sees a key: rounded down to whole tiles.</summary>
    private nint FirstRowThatSees(nint key, nint row, nint rows)
    {
        nint start = 0;
        if (!problem.IsCausal)
        {
            return start;
        }

        while (start < rows && problem.Visible(row + start) <= key)
        {
            start++;
        }

        return start == rows ? rows : start / tile.Rows * tile.Rows;
    }

    private void RunPanel(in AttentionGradientScratch<T> scratch, in GradientBlock block, T* keyGradients, T* valueGradients)
    {
        Multiply(
            scratch.QueriesAcross + (block.Row * sizes.Depth), sizes.Depth, scratch.KeysAcross + (block.Place * sizes.Depth), block.Rows, scratch.Weights);
        Hide(scratch, block);
        if (needsSlopes)
        {
            Multiply(
                scratch.GradientsAcross + (block.Row * sizes.Width), sizes.Width, scratch.ValuesAcross + (block.Place * sizes.Width), block.Rows, scratch.Slopes);
        }

        AttentionLoops<TSimd, TVector, T>.Weigh(
            scratch.Weights, scratch.Slopes, block.Rows, tile.Columns, scratch.LogSums + block.Row, scratch.Means + block.Row);
        if (gradient.Value != 0)
        {
            AddTransposed(scratch.GradientsDown, sizes.Width, block, scratch.Weights, valueGradients);
        }

        if (gradient.Key != 0)
        {
            AddTransposed(scratch.QueriesDown, sizes.Depth, block, scratch.Slopes, keyGradients);
        }

        if (gradient.Mask is not null)
        {
            AddMask(scratch, block);
        }
    }

    /// <summary>Rows times a panel of keys or values.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Multiply(T* left, nint depth, T* right, nint rows, T* target)
    {
        nint rowBytes = (nint)tile.Columns * sizeof(T);
        for (nint row = 0; row < rows; row += tile.Rows)
        {
            T* place = left + (row * depth);
            tile.Body((int)Math.Min(tile.Rows, rows - row), tile.Columns)(
                depth, place, right, target + (row * tile.Columns), rowBytes, accumulate: false, place + (tile.Rows * depth));
        }
    }

    /// <summary>Adds, to what a panel of keys has summed up, rows times their weights or slopes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void AddTransposed(T* left, nint length, in GradientBlock block, T* right, T* sums)
    {
        nint rowBytes = (nint)tile.Columns * sizeof(T);
        for (nint element = 0; element < length; element += tile.Rows)
        {
            T* place = left + (element * sizes.Rows) + (block.Row * tile.Rows);
            tile.Body((int)Math.Min(tile.Rows, length - element), tile.Columns)(
                block.Rows, place, right, sums + (element * tile.Columns), rowBytes, accumulate: true, place + (sizes.Rows * tile.Rows));
        }
    }

    /// <summary>Puts a panel's slopes, those of rows that see none of it being 0, beside those of the block.</summary>
    private void PackSlopes(in AttentionGradientScratch<T> scratch, nint start, nint rows, nint panel, nint here, nint keys)
    {
        nint stride = keys * tile.Rows;
        T* target = scratch.PackedSlopes + (panel * tile.Rows);
        for (nint row = 0; row < start; row += tile.Rows)
        {
            new Span<T>(target + (row * keys), (int)(here * tile.Rows)).Clear();
        }

        if (start < rows)
        {
            Packing<T>.Pack(scratch.Slopes, tile.Columns, 1, rows - start, tile.Rows, here, target + (start * keys), stride);
        }
    }

    /// <summary>Adds to the gradients of a block's queries its slopes times the keys.</summary>
    private void AddQueries(in AttentionGradientScratch<T> scratch, nint row, nint begin, nint rows, in GradientKeys keys)
    {
        nint rowBytes = sizes.DepthColumns * sizeof(T);
        for (nint element = 0; element < sizes.Depth; element += tile.Columns)
        {
            T* right = scratch.KeysDown + (element * keys.Count) + ((keys.Key - keys.First) * tile.Columns);
            for (nint start = begin; start < rows; start += tile.Rows)
            {
                T* left = scratch.PackedSlopes + (start * keys.Keys);
                T* sums = scratch.QueryGradients + ((row + start) * sizes.DepthColumns) + element;
                tile.Body((int)Math.Min(tile.Rows, rows - start), tile.Columns)(
                    keys.Keys, left, right, sums, rowBytes, accumulate: true, left + (keys.Keys * tile.Rows));
            }
        }
    }

    /// <summary>Applies the mask and causality to scores.</summary>
    private void Hide(in AttentionGradientScratch<T> scratch, in GradientBlock block)
    {
        for (nint row = 0; row < block.Rows && (problem.Mask is not null || problem.IsCausal); row++)
        {
            T* scores = scratch.Weights + (row * tile.Columns);
            if (problem.Mask is not null)
            {
                if (new MaskRows<TSimd, TVector, T>(problem).Read(block.Group, block.Row + row, block.Key, block.Keys, scratch.Mask).Changes)
                {
                    AttentionLoops<TSimd, TVector, T>.Add(scores, scratch.Mask, tile.Columns);
                }
            }

            nint seen = problem.Visible(block.Row + row) - block.Key;
            if (seen < block.Keys)
            {
                seen = Math.Max(0, seen);
                new Span<T>(scores + seen, (int)(block.Keys - seen)).Fill(Numbers<T>.FromDouble(double.NegativeInfinity));
            }
        }
    }

    private void AddMask(in AttentionGradientScratch<T> scratch, in GradientBlock block)
    {
        for (nint row = 0; row < block.Rows; row++)
        {
            MatrixOperand target = problem.RowOf(gradient.Mask!, block.Group, block.Row + row);
            T* place = (T*)target.Address + block.Key;
            for (nint key = 0; key < block.Keys; key++)
            {
                place[key] = Numbers<T>.Add(place[key], scratch.Slopes[(row * tile.Columns) + key]);
            }
        }
    }

    /// <summary>Adds up what the tasks found for some queries.</summary>
    private void AddParts(int task)
    {
        nint elements = problem.Rows * sizes.Depth;
        nint first = task * (nint)RowsPerTask * sizes.Depth;
        nint end = Math.Min(elements, first + (RowsPerTask * sizes.Depth));
        T* target = (T*)gradient.Query;
        for (nint index = first; index < end; index++)
        {
            T sum = queryParts[index];
            for (int part = 1; part < splits.Count; part++)
            {
                sum = Numbers<T>.Add(sum, queryParts[(part * elements) + index]);
            }

            target[index] = sum;
        }
    }
}
