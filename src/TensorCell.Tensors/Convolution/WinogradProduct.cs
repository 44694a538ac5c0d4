using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using TensorCell.Kernels;
using TensorCell.Tensors.LinearAlgebra;

namespace TensorCell.Tensors.Convolution;

/// <summary>
/// Computes a sliding product with 3x3 filters by Winograd's minimal algorithm F(4x4, 3x3) (Lavin and Gray 2015): sixteen pixels take 36
/// multiplications for each channel and filter instead of 144. Filters and tiles of the input are transformed, multiplied as 36 products of matrices, and
/// the sums are transformed back; a task does all that for a block of tiles, which stays in the second cache. Blocks with a result that
/// is not a finite number are left to the direct product, for such numbers spread over a tile; and so are those with pixels much larger than others.
/// </summary>
internal sealed unsafe class WinogradProduct<TSimd, TVector>
    where TSimd : struct, IFusedVector<TVector, float>
    where TVector : struct
{
    private const int TasksPerThread = 32;
    private readonly SlidingProduct product;
    private readonly Tile tile;
    private readonly WinogradGeometry geometry;
    private readonly WinogradInput<TSimd, TVector> input;
    private readonly WinogradOutput<TSimd, TVector> output;
    private readonly ConcurrentBag<nint> unfinished = [];
    private readonly int filterParts;
    private WinogradFilters<TSimd, TVector> filters = null!;

    /// <summary>Plans the computation.</summary>
    /// <param name="product">What to compute.</param>
    /// <param name="tile">The tile of products of matrices.</param>
    public WinogradProduct(SlidingProduct product, Tile tile)
    {
        (this.product, this.tile) = (product, tile);
        geometry = new WinogradGeometry(product, tile.Lanes, tile.Columns);
        input = new WinogradInput<TSimd, TVector>(product, geometry, tile.Columns);
        output = new WinogradOutput<TSimd, TVector>(product, geometry);
        filterParts = (int)Math.Clamp(
            BlockSizes.CeilingDivide(2 * Workers.ThreadCount, geometry.Blocks), 1, BlockSizes.CeilingDivide(product.Filters, tile.Rows));
    }

    /// <summary>Computes the result.</summary>
    /// <returns>The blocks that are left to do, in order.</returns>
    public nint[] Run()
    {
        using CpuBuffer memory = MatrixMultiply.Allocate(WinogradFilters<TSimd, TVector>.Length(product, tile.Rows) * sizeof(float));
        filters = new WinogradFilters<TSimd, TVector>(product, tile.Rows, (float*)memory.Address);
        Workers.For(filters.Count, filters.Pack);
        nint units = geometry.Blocks * filterParts;
        nint tasks = Math.Min(units, TasksPerThread * Workers.ThreadCount);
        Workers.For((int)tasks, task => RunTask(units * task / tasks, units * (task + 1) / tasks));
        GC.KeepAlive(memory);
        return [.. unfinished.Distinct().Order()];
    }

    private void RunTask(nint first, nint end)
    {
        nint epilogueBytes = EpilogueLines<TSimd, TVector, float>.Bytes(output.Layout, product.Epilogue);
        using CpuBuffer memory = MatrixMultiply.Allocate(((input.WorkLength + input.Length + output.SumsLength + output.WorkLength) * sizeof(float)) + epilogueBytes);
        float* inputWork = (float*)memory.Address;
        float* transformed = inputWork + input.WorkLength;
        float* sums = transformed + input.Length;
        float* outputWork = sums + output.SumsLength;
        new Span<float>(inputWork, checked((int)input.WorkLength)).Clear();
        EpilogueLines<TSimd, TVector, float>? epilogue = product.Epilogue is null
            ? null
            : new(output.Layout, product.Epilogue, output.ResultPitch, output.ResultPitch, (byte*)(outputWork + output.WorkLength));
        TileRun[] runs = new TileRun[geometry.BlockTiles];
        LinePart[] parts = new LinePart[geometry.BlockTiles];
        bool isBalanced = true;
        for (nint unit = first; unit < end; unit++)
        {
            (nint block, nint part) = Math.DivRem(unit, filterParts);
            (int group, int count, int tiles) = geometry.Runs(block, runs);
            for (int index = 0; index < count; index++)
            {
                parts[index] = new LinePart(geometry.Block(group, runs[index]), runs[index].Place * WinogradGeometry.Pixels);
            }

            Interruption.Check();
            if (unit == first || part == 0)
            {
                isBalanced = input.Fill(group, runs.AsSpan(0, count), tiles, inputWork, transformed);
            }

            if (!isBalanced)
            {
                unfinished.Add(block);
                continue;
            }

            int panelFirst = (int)(part * filters.PerGroup / filterParts);
            int panelEnd = (int)((part + 1) * filters.PerGroup / filterParts);
            Multiply(group, panelFirst, panelEnd, tiles, transformed, sums);
            for (int panel = panelFirst; panel < panelEnd; panel++)
            {
                (int filter, int filterCount) = filters.Filters(panel);
                if (!output.Write(group, parts.AsSpan(0, count), tiles, filter, filterCount, sums, outputWork, epilogue))
                {
                    unfinished.Add(block);
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Multiply(int group, int panelFirst, int panelEnd, int tiles, float* transformed, float* sums)
    {
        nint rowBytes = geometry.BlockTiles * sizeof(float);
        for (int index = 0; index < WinogradGeometry.Products; index++)
        {
            float* right = transformed + (index * input.ProductPitch);
            float* target = sums + (index * output.ProductPitch);
            for (int panel = panelFirst; panel < panelEnd; panel++)
            {
                (int filter, int count) = filters.Filters(panel);
                float* left = filters.Panel(index, group, panel);
                float* next = left + (product.Channels * (nint)tile.Rows);
                for (int place = 0; place < tiles; place += tile.Columns)
                {
                    int columns = Math.Min(tile.Columns, tiles - place);
                    tile.Body(count, columns)(
                        product.Channels,
                        left,
                        right + (place * (nint)product.Channels),
                        target + (filter * (nint)geometry.BlockTiles) + place,
                        rowBytes,
                        false,
                        next);
                }
            }
        }
    }
}
