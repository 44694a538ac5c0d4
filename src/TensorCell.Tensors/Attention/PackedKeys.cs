using TensorCell.Tensors.LinearAlgebra;

namespace TensorCell.Tensors.Attention;

/// <summary>
/// Some keys and values of a group as tiles take them for their left factor: keys in panels of as many keys as a tile has rows, values in panels of as
/// many of their elements.
/// </summary>
/// <param name="problem">What is computed.</param>
/// <param name="tile">The tiles.</param>
/// <param name="memory">Holds them; see <see cref="Length"/>.</param>
/// <param name="first">The first key that it holds, the first of a panel.</param>
/// <param name="count">How many it holds.</param>
internal readonly unsafe struct PackedKeys<T>(AttentionProblem problem, Tile tile, T* memory, nint first, nint count)
    where T : unmanaged
{
    /// <summary>Elements from one panel of values to the next.</summary>
    public nint ValueStride => count * tile.Rows;

    private T* FirstValue => memory + (BlockSizes.RoundUp(count, tile.Rows) * problem.Depth);

    /// <summary>Elements that so many keys and values take, in whole cache lines.</summary>
    public static nint Length(AttentionProblem problem, Tile tile, nint count) => BlockSizes.RoundUp(
        (BlockSizes.RoundUp(count, tile.Rows) * problem.Depth) + (BlockSizes.RoundUp(problem.Width, tile.Rows) * count), tile.Columns);

    /// <summary>The panel that begins with a key.</summary>
    public T* Keys(nint key) => memory + ((key - first) * problem.Depth);

    /// <summary>Where the values from that of a key on are, in the first panel.</summary>
    public T* Values(nint key) => FirstValue + ((key - first) * tile.Rows);

    /// <summary>Packs some of the keys and their values.</summary>
    /// <param name="group">Which group.</param>
    /// <param name="from">The first key, the first of a panel.</param>
    /// <param name="to">The key after the last, the first of a panel or the last of all.</param>
    public void Pack(int group, nint from, nint to)
    {
        (int batch, int head) = Math.DivRem(group, problem.KeyHeads);
        MatrixOperand keys = problem.Key.At(batch, head);
        MatrixOperand values = problem.Value.At(batch, head);
        Packing<T>.Pack(
            (T*)keys.Address + (from * (nint)keys.RowStride),
            (nint)keys.RowStride,
            (nint)keys.ColumnStride,
            to - from,
            tile.Rows,
            problem.Depth,
            Keys(from),
            tile.Rows * (nint)problem.Depth);
        Packing<T>.Pack(
            (T*)values.Address + (from * (nint)values.RowStride),
            (nint)values.ColumnStride,
            (nint)values.RowStride,
            problem.Width,
            tile.Rows,
            to - from,
            Values(from),
            ValueStride);
    }
}
