using TensorCell.Kernels;
using TensorCell.Kernels.Simd;
using TensorCell.Tensors.LinearAlgebra;

namespace TensorCell.Tensors.Convolution;

/// <summary>
/// How a sliding product is cut whose sums go straight from the registers to the result. The pixels of a channel of the result are one long
/// line, and so is what a tap reads for them, without gaps between rows; taps of one column share such lines, for they differ by whole rows.
/// Blocks are some pixels of that line, of all channels of a group; chunks are so many of them that what is read stays in the nearest cache.
/// </summary>
internal sealed class StraightPlan
{
    private const int MostDepth = 576;
    private const int MostDepthInPlace = 2048;
    private const int LeastFilters = 4;
    private const int LeastVectors = 8;
    private const int BlocksPerThread = 8;
    private const nint FewestPlaces = 512;
    private const nint EpilogueChunk = 512;

    private StraightPlan(SlidingProduct product, TapTile tile)
    {
        Product = product;
        Area = (nint)product.OutputSize.Area;
        IsStreamed = (double)product.Images * product.Groups * product.Filters * Area * tile.ElementSize > Elementwise.StreamedBeyond
            && product.Epilogue?.CanStream != false;
        Classes = IsStreamed ? tile.Lanes / GreatestCommonDivisor(product.Output.ChannelStride, tile.Lanes) : 1;
        Panels = FilterPanel.Cut(product.Filters, Classes, tile);
        FirstRow = product.Taps.Min(tap => tap.Row);
        Lines = [.. product.Taps.Select(LineOf).Distinct()];
        Halo = (product.Taps.Max(tap => tap.Row) - FirstRow) / product.Step.Height * (nint)product.OutputSize.Width;

        IsInPlace = CanStayInPlace(product, tile);
        nint pixelBytes = Math.Max(1, product.Channels) * (nint)Lines.Length * tile.ElementSize;
        MostPixels = IsInPlace ? Area : ((nint)BlockSizes.CacheBytes(2) / 2 / pixelBytes) - Halo - (2 * tile.Lanes);
        nint shared = Area * product.Images * product.Groups / (BlocksPerThread * Workers.ThreadCount);
        nint columns = tile.Vectors(Panels[0].Count) * tile.Lanes;
        nint unit = IsInPlace ? columns : tile.Lanes;
        Block = BlockSizes.Even(Area, Math.Max(unit, Math.Min(MostPixels, Math.Max(shared, 4 * Halo))), unit);
        BlocksPerImage = BlockSizes.CeilingDivide(Area, Block);
        nint chunk = BlockSizes.CacheBytes(1) / 2 / pixelBytes is var most && product.Epilogue is null ? (nint)most : Math.Min((nint)most, EpilogueChunk);
        Chunk = Math.Max(1, chunk / columns) * columns;

        // Lines that lie a power of two apart would share few places of a cache.
        nint vectors = BlockSizes.CeilingDivide(Block + tile.Lanes + Halo, tile.Lanes);
        LinePitch = (vectors | 1) * tile.Lanes;
    }

    /// <summary>Parts that the panels are shared out in, where there are too few blocks for all threads; lines that must be copied are copied for each.</summary>
    public nint Parts => Math.Clamp(BlockSizes.CeilingDivide((IsInPlace ? BlocksPerThread : 2) * Workers.ThreadCount, Blocks), 1, Panels.Length);

    /// <summary>What is computed.</summary>
    public SlidingProduct Product { get; }

    /// <summary>Whether tiles read the input where it is, which then is one long line like the result, rather than lines copied from it.</summary>
    public bool IsInPlace { get; }

    /// <summary>Pixels of a channel of the result.</summary>
    public nint Area { get; }

    /// <summary>Whether the result is written past the caches, which takes whole aligned vectors.</summary>
    public bool IsStreamed { get; }

    /// <summary>
    /// Filters so many apart write to places that lie alike to whole vectors of memory, whatever the image; 1 where that does not matter.
    /// </summary>
    public int Classes { get; }

    /// <summary>The filters of a group.</summary>
    public FilterPanel[] Panels { get; }

    /// <summary>The lines of each channel: of which row of a step, and of which tap's column.</summary>
    public (int Row, int Column)[] Lines { get; }

    /// <summary>The row that the first tap reads.</summary>
    public int FirstRow { get; }

    /// <summary>Pixels beyond a block's that its lines hold for taps of further rows.</summary>
    public nint Halo { get; }

    /// <summary>Pixels of a block, at most: whole vectors.</summary>
    public nint Block { get; }

    /// <summary>Pixels of a chunk, at most: whole vectors.</summary>
    public nint Chunk { get; }

    /// <summary>Elements from one line to the next.</summary>
    public nint LinePitch { get; }

    /// <summary>Blocks of a group of an image.</summary>
    public nint BlocksPerImage { get; }

    /// <summary>Blocks in all.</summary>
    public nint Blocks => Product.Images * (nint)Product.Groups * BlocksPerImage;

    /// <summary>Elements of all lines of a block.</summary>
    public nint LinesLength => IsInPlace ? 0 : Product.Channels * (nint)Lines.Length * LinePitch;

    private nint MostPixels { get; }

    /// <summary>The plan for a product; none if it is not of that kind.</summary>
    public static StraightPlan? Of(SlidingProduct product, TapTile tile)
    {
        int width = product.OutputSize.Width;
        int mostDepth = CanStayInPlace(product, tile) ? MostDepthInPlace : MostDepth;
        if (!product.Output.HasAdjacentRows(width) || product.Depth == 0 || product.Depth > mostDepth || product.OutputSize.Area < LeastVectors * tile.Lanes
            || product.Epilogue?.IsInLine(width) == false)
        {
            return null;
        }

        StraightPlan plan = new(product, tile);
        return product.Filters / plan.Classes >= LeastFilters && plan.MostPixels >= Math.Max(2 * plan.Halo, LeastVectors * tile.Lanes) ? plan : null;
    }

    /// <summary>Elements from the first of a block's lines to what a tap of a channel reads for its first pixel.</summary>
    public nint Offset(int channel, Tap tap)
    {
        if (IsInPlace)
        {
            return channel * Product.Input.ChannelStride;
        }

        int line = Array.IndexOf(Lines, LineOf(tap));
        return (((channel * (nint)Lines.Length) + line) * LinePitch) + ((tap.Row - FirstRow) / Product.Step.Height * (nint)Product.OutputSize.Width);
    }

    // Channels that lie a large power of two apart would share few places of the nearest cache.
    private static bool CanStayInPlace(SlidingProduct product, TapTile tile) =>
        product.IsFlat && product.Input.ChannelStride * tile.ElementSize % FewestPlaces != 0;

    private static int GreatestCommonDivisor(nint stride, int lanes)
    {
        // Of a power of two.
        int divisor = lanes;
        while (stride % divisor != 0)
        {
            divisor /= 2;
        }

        return divisor;
    }

    private (int Row, int Column) LineOf(Tap tap) => ((tap.Row - FirstRow) % Product.Step.Height, tap.Column);
}
