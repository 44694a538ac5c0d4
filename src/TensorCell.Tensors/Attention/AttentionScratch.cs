using System.Runtime.CompilerServices;
using TensorCell.Tensors.LinearAlgebra;

namespace TensorCell.Tensors.Attention;

/// <summary>The memory that one thread works in.</summary>
internal readonly unsafe struct AttentionScratch<T>
    where T : unmanaged
{
    private const int StatesPerPanel = 3;
    private readonly QueryPanel<T>* panels;

    /// <summary>Divides memory.</summary>
    /// <param name="problem">What is computed.</param>
    /// <param name="tile">The tiles.</param>
    /// <param name="block">Keys in a block.</param>
    /// <param name="panelCount">Panels of queries.</param>
    /// <param name="memory">As many elements as <see cref="Length"/> says, from the beginning of a cache line on.</param>
    public AttentionScratch(AttentionProblem problem, Tile tile, nint block, int panelCount, T* memory)
    {
        nint columns = tile.Columns;
        Scores = memory;
        memory += block * columns;
        Mask = memory;
        memory += problem.Mask is null ? 0 : block * columns;
        Rows = memory;
        memory += RowLength(problem, block) * columns;
        panels = (QueryPanel<T>*)memory;
        memory += HeaderLength(tile, panelCount);
        for (int index = 0; index < panelCount; index++)
        {
            ref QueryPanel<T> panel = ref panels[index];
            panel.Queries = memory;
            memory += problem.Depth * columns;
            panel.Sums = memory;
            memory += problem.Width * columns;
            panel.Greatest = memory;
            panel.Total = memory + columns;
            panel.Factor = memory + (2 * columns);
            memory += StatesPerPanel * columns;
            panel.Limits = (nint*)memory;
            memory += sizeof(nint) / sizeof(T) * columns;
        }
    }

    /// <summary>The scores of a block of keys: for each key, one lane for each row.</summary>
    public T* Scores { get; }

    /// <summary>What a mask adds to them.</summary>
    public T* Mask { get; }

    /// <summary>Room for as many rows as a panel has lanes, of queries, values or a block of keys.</summary>
    public T* Rows { get; }

    /// <summary>Elements that it takes.</summary>
    public static nint Length(AttentionProblem problem, Tile tile, nint block, int panelCount)
    {
        nint columns = tile.Columns;
        nint shared = ((problem.Mask is null ? 1 : 2) * block) + RowLength(problem, block);
        nint own = problem.Depth + problem.Width + StatesPerPanel + (sizeof(nint) / sizeof(T));
        return ((shared + (own * panelCount)) * columns) + HeaderLength(tile, panelCount);
    }

    /// <summary>One of the panels.</summary>
    public ref QueryPanel<T> Panel(int index) => ref panels[index];

    private static nint RowLength(AttentionProblem problem, nint block) =>
        Math.Max(Math.Max(problem.Depth, problem.Width), problem.Mask is null ? 0 : block);

    private static nint HeaderLength(Tile tile, int panelCount) =>
        BlockSizes.RoundUp(BlockSizes.CeilingDivide(panelCount * sizeof(QueryPanel<T>), sizeof(T)), tile.Columns);
}
