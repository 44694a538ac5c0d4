using System.Runtime.Intrinsics;
using TensorCell.Kernels;
using TensorCell.Kernels.Simd;
using TensorCell.Tensors.LinearAlgebra;

namespace TensorCell.Tensors.Convolution;

/// <summary>Decides which sliding products are computed by Winograd's algorithm, and computes them.</summary>
internal static class Winograd
{
    // Where more blocks than one in so many have to be computed directly, everything is.
    private const int MostUnfinished = 8;

    // Transformed filters are four times as large as they were.
    private const double MostFilterBytes = 192 << 20;

    // For a multiplication and addition.
    private const double DirectCost = 1.15;
    private const double ProductCost = 0.9;

    // For each tile, of a channel and of a filter.
    private const double InputCost = 770;
    private const double OutputCost = 1000;

    // For each lane of a vector, channel and filter: transformed filters go through memory.
    private const double FilterCost = 200;

    /// <summary>Whether every product that can be is computed so, or none; by default those for which it is faster. For tests.</summary>
    internal static bool? IsForced { get; set; }

    /// <summary>Whether a product of f32 is to be computed so.</summary>
    public static bool Suits(SlidingProduct product) => Fits(product) && (IsForced ?? IsFaster(product));

    /// <summary>Computes a product of f32.</summary>
    public static void Run(SlidingProduct product)
    {
        int bits = VectorWidth.Bits;
        Tile tile = Tile.Of(DType.Float32, bits);
        nint[] unfinished = bits switch
        {
            512 => new WinogradProduct<Vector512Float32, Vector512<float>>(product, tile).Run(),
            256 => new WinogradProduct<Vector256Float32, Vector256<float>>(product, tile).Run(),
            _ => new WinogradProduct<Vector128Float32, Vector128<float>>(product, tile).Run(),
        };
        if (unfinished.Length > 0)
        {
            Finish(product, new WinogradGeometry(product, tile.Lanes, tile.Columns), unfinished);
        }
    }

    private static void Finish(SlidingProduct product, WinogradGeometry geometry, nint[] blocks)
    {
        if (blocks.Length * MostUnfinished > geometry.Blocks)
        {
            Sliding.RunDirect(DType.Float32, product);
            return;
        }

        TileRun[] runs = new TileRun[geometry.BlockTiles];
        foreach (nint block in blocks)
        {
            (int group, int count, _) = geometry.Runs(block, runs);
            for (int run = 0; run < count; run++)
            {
                Sliding.RunDirect(DType.Float32, product.At(geometry.Block(group, runs[run]), sizeof(float)));
            }
        }
    }

    /// <summary>Whether the filters are of 3x3 adjacent pixels, and move by one.</summary>
    private static bool Fits(SlidingProduct product)
    {
        const int side = WinogradGeometry.Taps;
        if (product.Step != new Size2(1, 1) || product.Taps.Length != side * side || product.Channels == 0)
        {
            return false;
        }

        int firstRow = product.Taps.Min(tap => tap.Row);
        int firstColumn = product.Taps.Min(tap => tap.Column);
        return product.Taps.All(tap => tap.Row - firstRow < side && tap.Column - firstColumn < side)
            && product.Taps.Select(tap => (tap.Row, tap.Column)).Distinct().Count() == side * side;
    }

    /// <summary>
    /// Whether the multiplications that are saved cost more than the transforms. All is counted in multiplications and additions of one element, as fast as
    /// they are at best, and was measured with AVX-512.
    /// </summary>
    private static bool IsFaster(SlidingProduct product)
    {
        double pairs = product.Groups * (double)product.Channels * product.Filters;
        double tilesDown = Math.Ceiling(product.OutputSize.Height / (double)WinogradGeometry.Pixels);
        double tiles = product.Images * tilesDown * Math.Ceiling(product.OutputSize.Width / (double)WinogradGeometry.Pixels);
        double transforms = (product.Channels * InputCost) + (product.Filters * OutputCost);
        double filters = pairs * FilterCost * VectorWidth.Bits / (8 * sizeof(float));
        double cost = filters + (tiles * ((WinogradGeometry.Products * pairs * ProductCost) + (product.Groups * transforms)));
        return pairs * WinogradGeometry.Products * sizeof(float) <= MostFilterBytes && cost < product.Flops / 2 * DirectCost;
    }
}
