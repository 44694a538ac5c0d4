using TensorCell.Tensors.LinearAlgebra;

namespace TensorCell.Tensors.Attention;

/// <summary>How the gradient of an attention is cut.</summary>
/// <param name="Rows">Rows of a group.</param>
/// <param name="Keys">Keys that a task goes through.</param>
/// <param name="Depth">Elements of a query.</param>
/// <param name="Width">Elements of a value.</param>
/// <param name="TileRows">Rows of a tile.</param>
/// <param name="Columns">Columns of a tile: the keys in a panel.</param>
internal readonly record struct AttentionGradientSizes(nint Rows, nint Keys, nint Depth, nint Width, int TileRows, int Columns)
{
    /// <summary>What parts of memory are multiples of.</summary>
    public const int Grain = 16;

    private const int RowTilesPerBlock = 8;
    private const int KeysPerBlock = 128;

    /// <summary>Rows in a block.</summary>
    public nint RowBlock => TileRows * RowTilesPerBlock;

    /// <summary>Keys in a block: whole panels.</summary>
    public nint KeyBlock => BlockSizes.RoundUp(KeysPerBlock, Columns);

    /// <summary>Rows in whole tiles.</summary>
    public nint RowsUp => BlockSizes.RoundUp(Rows, TileRows);

    /// <summary>Keys in whole panels.</summary>
    public nint KeysColumns => BlockSizes.RoundUp(Keys, Columns);

    /// <summary>Elements of a query in whole tiles down.</summary>
    public nint DepthUp => BlockSizes.RoundUp(Depth, TileRows);

    /// <summary>Elements of a query in whole tiles across.</summary>
    public nint DepthColumns => BlockSizes.RoundUp(Depth, Columns);

    /// <summary>Elements of a value in whole tiles down.</summary>
    public nint WidthUp => BlockSizes.RoundUp(Width, TileRows);

    /// <summary>Elements of the memory that a thread works in.</summary>
    public nint Length =>
        (Rows * (Math.Max(Depth, Width) + DepthUp + WidthUp + DepthColumns + 2)) + (RowsUp * (Depth + Width))
        + (KeysColumns * (Depth + Width)) + (Keys * DepthColumns) + (KeyBlock * (Depth + Width + RowBlock))
        + (2 * RowBlock * Columns) + Columns + (Parts * Grain);

    // Each may be rounded up.
    private static int Parts => 17;
}
