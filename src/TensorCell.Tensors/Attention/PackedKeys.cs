using TensorCell.Tensors.LinearAlgebra;

namespace TensorCell.Tensors.Attention;

/// <summary>
/// The keys and values of a group as tiles take them for their left factor: keys in panels of as many keys as a tile has rows, values in panels of as
/// many of their elements.
/// </summary>
/// <param name="problem">What is computed.</param>
/// <param name="tile">The tiles.</param>
/// <param name="memory">Holds them; see <see cref="Length"/>.</param>
internal readonly unsafe struct PackedKeys<T>(AttentionProblem problem, Tile tile, T* memory)
    where T : unmanaged
{
    /// <summary>The panels of keys, one after the other.</summary>
    public T* Keys => memory;

    /// <summary>The panels of values.</summary>
    public T* Values => memory + (BlockSizes.RoundUp(problem.Keys, tile.Rows) * problem.Depth);

    /// <summary>Elements from one panel of values to the next.</summary>
    public nint ValueStride => (nint)problem.Keys * tile.Rows;

    /// <summary>Elements that the keys and values of a group take, in whole cache lines.</summary>
    public static nint Length(AttentionProblem problem, Tile tile) => BlockSizes.RoundUp(
        (BlockSizes.RoundUp(problem.Keys, tile.Rows) * problem.Depth) + (BlockSizes.RoundUp(problem.Width, tile.Rows) * problem.Keys), tile.Columns);

    /// <summary>Packs some of a group's keys and their values.</summary>
    /// <param name="group">Which group.</param>
    /// <param name="first">The first key, the first of a panel.</param>
    /// <param name="end">The key after the last, the first of a panel or the last of all.</param>
    public void Pack(int group, nint first, nint end)
    {
        (int batch, int head) = Math.DivRem(group, problem.KeyHeads);
        MatrixOperand keys = problem.Key.At(batch, head);
        MatrixOperand values = problem.Value.At(batch, head);
        Packing<T>.Pack(
            (T*)keys.Address + (first * (nint)keys.RowStride),
            (nint)keys.RowStride,
            (nint)keys.ColumnStride,
            end - first,
            tile.Rows,
            problem.Depth,
            Keys + (first * problem.Depth),
            tile.Rows * (nint)problem.Depth);
        Packing<T>.Pack(
            (T*)values.Address + (first * (nint)values.RowStride),
            (nint)values.ColumnStride,
            (nint)values.RowStride,
            problem.Width,
            tile.Rows,
            end - first,
            Values + (first * tile.Rows),
            ValueStride);
    }
}
