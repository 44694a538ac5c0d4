using TensorCell.Tensors.LinearAlgebra;

namespace TensorCell.Tensors.Convolution;

/// <summary>
/// How a sliding product with 3x3 filters is cut for Winograd's algorithm: its result into tiles of 4x4 pixels, each from 6x6 of the input; the tiles of a group
/// of channels, one image after the other and row by row, into blocks. Nothing of it depends on the number of threads.
/// </summary>
internal sealed class WinogradGeometry
{
    /// <summary>Rows and columns of a tile of the result.</summary>
    public const int Pixels = 4;

    /// <summary>Rows and columns of weights.</summary>
    public const int Taps = 3;

    /// <summary>Rows and columns of a tile of the input, and of its transform.</summary>
    public const int Points = Pixels + Taps - 1;

    /// <summary>Products of matrices: one for each point of both axes.</summary>
    public const int Products = Points * Points;

    // Of the second cache, beside the filters that stream past.
    private const double CacheShare = 0.6;
    private const int MostPanels = 4;
    private readonly SlidingProduct product;

    /// <summary>Cuts a product.</summary>
    /// <param name="product">What to compute.</param>
    /// <param name="lanes">Elements of a vector.</param>
    /// <param name="panel">Tiles of a packed panel.</param>
    public WinogradGeometry(SlidingProduct product, int lanes, int panel)
    {
        this.product = product;
        Lanes = lanes;
        TilesDown = (product.OutputSize.Height + Pixels - 1) / Pixels;
        TilesAcross = (product.OutputSize.Width + Pixels - 1) / Pixels;
        nint perTile = Products * sizeof(float) * ((nint)product.Channels + product.Filters);
        nint panels = Math.Clamp((nint)(BlockSizes.CacheBytes(2) * CacheShare) / perTile / panel, 1, MostPanels);
        BlockTiles = (int)Math.Min(panels, BlockSizes.CeilingDivide(Tiles, panel)) * panel;
        FirstRow = product.Taps.Min(tap => tap.Row);
        FirstColumn = product.Taps.Min(tap => tap.Column);
    }

    /// <summary>Elements of a vector.</summary>
    public int Lanes { get; }

    /// <summary>Rows of tiles of an image.</summary>
    public int TilesDown { get; }

    /// <summary>Tiles of such a row.</summary>
    public int TilesAcross { get; }

    /// <summary>Tiles of all images, for each group of channels.</summary>
    public nint Tiles => product.Images * (nint)TilesDown * TilesAcross;

    /// <summary>Tiles of a block, at most.</summary>
    public int BlockTiles { get; }

    /// <summary>How many blocks there are, those of one group after those of another.</summary>
    public nint Blocks => product.Groups * BlocksPerGroup;

    /// <summary>Blocks of each group.</summary>
    public nint BlocksPerGroup => BlockSizes.CeilingDivide(Tiles, BlockTiles);

    /// <summary>Most tiles of a run.</summary>
    public int LongestRun => Math.Min(TilesAcross, BlockTiles);

    /// <summary>Most runs of a block.</summary>
    public int MostRuns => (BlockTiles / TilesAcross) + 2;

    /// <summary>The row of the input at which the result's first tile begins.</summary>
    public int FirstRow { get; }

    /// <summary>The same for columns.</summary>
    public int FirstColumn { get; }

    /// <summary>Writes down the runs of a block.</summary>
    /// <returns>Its group, how many runs it has, and how many tiles.</returns>
    public (int Group, int Runs, int Tiles) Runs(nint block, Span<TileRun> runs)
    {
        (nint group, nint index) = Math.DivRem(block, BlocksPerGroup);
        nint tile = index * BlockTiles;
        int tiles = (int)Math.Min(BlockTiles, Tiles - tile);
        int count = 0;
        int place = 0;
        while (place < tiles)
        {
            (nint row, nint first) = Math.DivRem(tile + place, TilesAcross);
            (nint image, nint down) = Math.DivRem(row, TilesDown);
            int length = Math.Min(TilesAcross - (int)first, tiles - place);
            runs[count++] = new TileRun((int)image, (int)down, (int)first, length, place);
            place += length;
        }

        return ((int)group, count, tiles);
    }

    /// <summary>The pixels of a run.</summary>
    public PixelBlock Block(int group, in TileRun run)
    {
        int row = run.Row * Pixels;
        int column = run.First * Pixels;
        return new PixelBlock(
            run.Image,
            1,
            group,
            row,
            Math.Min(Pixels, product.OutputSize.Height - row),
            column,
            Math.Min(run.Count * Pixels, product.OutputSize.Width - column));
    }
}
