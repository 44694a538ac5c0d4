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
    private readonly PanelTask<TSimd, TVector, T> work;
    private readonly Tile tile;
    private readonly nint block;
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

        // Few panels are best taken together if there are groups enough, for then each block of keys is packed just where it is needed.
        bool isStreamed = panels <= MostPanelsPerTask && problem.Groups * splits.Count >= 2 * Workers.ThreadCount;
        panelsPerTask = (int)Math.Clamp(isStreamed ? panels : wanted, 1, MostPanelsPerTask);
        output = new AttentionOutput<TSimd, TVector, T>(problem, splits, target, logSums);
        work = new PanelTask<TSimd, TVector, T>(problem, tile, output, block);
    }

    private int PanelTasks => (int)BlockSizes.CeilingDivide(panels, panelsPerTask);

    /// <summary>Computes the result.</summary>
    public void Run()
    {
        if (PanelTasks == 1)
        {
            RunStreamed();
        }
        else if (problem.Groups >= TasksPerThread * Workers.ThreadCount)
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

    /// <summary>Keys and values that are needed once are packed a block at a time.</summary>
    private void RunStreamed()
    {
        nint packed = PackedKeys<T>.Length(problem, tile, block);
        using Scratch scratch = new(this, 0, packed);
        For(problem.Groups * splits.Count, (task, participant) =>
        {
            (int group, int part) = Math.DivRem(task, splits.Count);
            T* own = scratch.Of(participant);
            PanelRange range = new(group, 0, (int)panels, part, splits.First(part), splits.End(part));
            work.Run(range, own + packed, panelsPerTask, own);
        });
    }

    /// <summary>Every thread packs and computes whole groups, whose keys stay in its own cache.</summary>
    private void RunWholeGroups()
    {
        nint length = PackedKeys<T>.Length(problem, tile, problem.Keys);
        using Scratch scratch = new(this, 0, length);
        For(problem.Groups, (group, participant) =>
        {
            T* own = scratch.Of(participant);
            PackedKeys<T> packed = new(problem, tile, own, 0, problem.Keys);
            packed.Pack(group, 0, problem.Keys);
            for (int task = 0; task < PanelTasks * splits.Count; task++)
            {
                work.Run(Range(group, task), own + length, panelsPerTask, packed);
            }
        });
    }

    /// <summary>All threads pack all keys, then share out the panels of queries.</summary>
    private void RunShared()
    {
        nint length = PackedKeys<T>.Length(problem, tile, problem.Keys);
        using Scratch scratch = new(this, problem.Groups * length, 0);
        nint keysPerTask = 2 * block;
        int blocks = (int)BlockSizes.CeilingDivide(problem.Keys, keysPerTask);
        For(problem.Groups * blocks, (task, _) =>
        {
            (int group, int number) = Math.DivRem(task, blocks);
            Packed(group).Pack(group, number * keysPerTask, Math.Min(problem.Keys, (number + 1) * keysPerTask));
        });
        int tasks = PanelTasks * splits.Count;
        For(problem.Groups * tasks, (task, participant) =>
        {
            (int group, int number) = Math.DivRem(task, tasks);

            // Those that see the most keys first, so that the last ones are short.
            work.Run(Range(group, tasks - 1 - number), scratch.Of(participant), panelsPerTask, Packed(group));
        });

        PackedKeys<T> Packed(int group) => new(problem, tile, scratch.Shared + (group * length), 0, problem.Keys);
    }

    private PanelRange Range(int group, int task)
    {
        (int number, int part) = Math.DivRem(task, splits.Count);
        nint first = (nint)number * panelsPerTask;
        return new PanelRange(group, first, (int)Math.Min(panelsPerTask, panels - first), part, splits.First(part), splits.End(part));
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

    /// <summary>Memory that all threads share, and for each its own.</summary>
    private sealed class Scratch : IDisposable
    {
        private readonly CpuBuffer buffer;
        private readonly nint shared;
        private readonly nint own;

        public Scratch(PanelAttention<TSimd, TVector, T> attention, nint shared, nint packed)
        {
            this.shared = shared;
            own = packed + AttentionScratch<T>.Length(attention.problem, attention.tile, attention.block, attention.panelsPerTask);
            buffer = MatrixMultiply.Allocate((shared + (Workers.ThreadCount * own)) * sizeof(T));
        }

        public T* Shared => (T*)buffer.Address;

        public T* Of(int participant) => Shared + shared + (participant * own);

        public void Dispose() => buffer.Dispose();
    }
}
