using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using TensorCell.Kernels;
using TensorCell.Tensors.LinearAlgebra;

namespace TensorCell.Tensors.Convolution;

/// <summary>
/// Transforms what a block's tiles read of the input. First the pixels' columns, sixteen pixels or however many a vector holds at once, whatever tiles
/// they are of; then the rows, a vector of tiles at once, for which four by four pixels are transposed in every 128 bits of four vectors. So the tiles
/// of a vector stand in an order of their own, which <see cref="WinogradOutput{TSimd, TVector}"/> undoes in the same way.
/// </summary>
/// <param name="product">Whose input.</param>
/// <param name="geometry">How it is cut.</param>
/// <param name="panel">Tiles of a packed panel.</param>
internal sealed unsafe class WinogradInput<TSimd, TVector>(SlidingProduct product, WinogradGeometry geometry, int panel)
    where TSimd : struct, IFusedVector<TVector, float>
    where TVector : struct
{
    private const int Points = WinogradGeometry.Points;
    private const int Pixels = WinogradGeometry.Pixels;
    private const int Stages = 2;
    private const int ChannelsAhead = 4;
    private readonly nint rowPitch = geometry.MostRuns * RowLength(geometry.LongestRun);
    private readonly nint linePitch = (geometry.BlockTiles * (nint)Pixels) + (3 * TSimd.Count);

    /// <summary>Elements from the transforms for one product of matrices to those for the next.</summary>
    public nint ProductPitch { get; } = (product.Channels * (nint)geometry.BlockTiles) + (CpuBuffer.Alignment / sizeof(float));

    /// <summary>Elements of working memory; zeros at first.</summary>
    public nint WorkLength => (Stages * (RowsLength + LinesLength)) + RowsLength + TSimd.Count;

    /// <summary>Elements of all transforms of a block.</summary>
    public nint Length => WinogradGeometry.Products * ProductPitch;

    private nint RowsLength => Points * rowPitch;

    private nint LinesLength => 2 * Points * linePitch;

    /// <summary>
    /// Transforms a block into panels, in which for each channel the tiles are side by side. Each step reads what was stored for the channel before, not what has
    /// just been: that would have to reach the cache first.
    /// </summary>
    /// <returns>Whether the block can be computed so with little error.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool Fill(int group, ReadOnlySpan<TileRun> runs, int tiles, float* work, float* target)
    {
        float* allLines = work + (Stages * RowsLength);
        float* sizes = allLines + (Stages * LinesLength);
        new Span<float>(sizes, (int)RowsLength).Clear();
        float* first = (float*)product.Input.Address + (group * (nint)product.Channels * product.Input.ChannelStride);
        for (int channel = 0; channel < product.Channels + 2; channel++)
        {
            if (channel < product.Channels)
            {
                CopyRows(runs, first + (channel * product.Input.ChannelStride), work + (channel % Stages * RowsLength));
            }

            if (channel >= 1 && channel <= product.Channels)
            {
                int stage = (channel - 1) % Stages;
                TransformColumns(runs, work + (stage * RowsLength), sizes, allLines + (stage * LinesLength) + TSimd.Count);
            }

            if (channel >= 2)
            {
                TransformRows(channel - 2, tiles, allLines + ((channel - 2) % Stages * LinesLength) + TSimd.Count, target);
            }
        }

        return AreBalanced(runs, sizes);
    }

    /// <summary>Places that a run takes in each row that is copied: whole vectors.</summary>
    private static nint RowLength(int tiles) => BlockSizes.RoundUp((tiles * Pixels) + Points - Pixels, TSimd.Count);

    /// <summary>Copies the rows that a block reads of a channel, with zeros where there is no input.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void CopyRows(ReadOnlySpan<TileRun> runs, float* images, float* rows)
    {
        foreach (ref readonly TileRun run in runs)
        {
            int firstRow = (run.Row * Pixels) + geometry.FirstRow;
            int firstColumn = (run.First * Pixels) + geometry.FirstColumn;
            int length = (run.Count * Pixels) + Points - Pixels;
            int before = Math.Clamp(-firstColumn, 0, length);
            int end = Math.Clamp(product.InputSize.Width - firstColumn, before, length);
            float* from = images + (run.Image * product.Input.ImageStride) + ((firstColumn + before) * product.Input.ColumnStride);
            for (int row = 0; row < Points; row++)
            {
                int place = firstRow + row;
                float* to = rows + (row * rowPitch);
                if (place < 0 || place >= product.InputSize.Height)
                {
                    PixelRow<TSimd, TVector, float>.Clear(to, length);
                    continue;
                }

                float* pixels = from + (place * product.Input.RowStride);
                PixelRow<TSimd, TVector, float>.Clear(to, before);
                Prefetch(pixels + (ChannelsAhead * product.Input.ChannelStride), (end - before) * product.Input.ColumnStride);
                PixelRow<TSimd, TVector, float>.Copy(pixels, product.Input.ColumnStride, to + before, end - before);
                PixelRow<TSimd, TVector, float>.Clear(to + end, length - end);
            }

            rows += RowLength(run.Count);
        }
    }

    // The rows of a channel are too short, and too far from those of the next, for the hardware to see where they lead.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Prefetch(float* pixels, nint count)
    {
        for (nint place = 0; Sse.IsSupported && place < count; place += CpuBuffer.Alignment / sizeof(float))
        {
            Sse.Prefetch0(pixels + place);
        }
    }

    /// <summary>Transforms the columns of a block.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void TransformColumns(ReadOnlySpan<TileRun> runs, float* rows, float* sizes, float* lines)
    {
        foreach (ref readonly TileRun run in runs)
        {
            float* to = lines + (run.Place * Pixels);
            TransformColumns(run, rows, sizes, to, to + (Points * linePitch));
            rows += RowLength(run.Count);
            sizes += RowLength(run.Count);
        }
    }

    /// <summary>Transforms the rows of a block.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void TransformRows(int channel, int tiles, float* lines, float* target)
    {
        for (int place = 0; place < tiles; place += TSimd.Count)
        {
            (int index, int rest) = Math.DivRem(place, panel);
            float* from = lines + (place * Pixels);
            TransformRows(from, from + (Points * linePitch), target + ((((nint)index * product.Channels) + channel) * panel) + rest);
        }
    }

    /// <summary>
    /// Transforms the columns of a run onto lines; and once more, four pixels further on, onto the lines that hold what follows each tile. Whole vectors are
    /// stored: what is too much after them the next run overwrites, and what is before them is put back.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void TransformColumns(in TileRun run, float* rows, float* sizes, float* lines, float* following)
    {
        float* last = following - Pixels;
        Vector128<float> last0 = Vector128.Load(last);
        Vector128<float> last1 = Vector128.Load(last + linePitch);
        Vector128<float> last2 = Vector128.Load(last + (2 * linePitch));
        Vector128<float> last3 = Vector128.Load(last + (3 * linePitch));
        Vector128<float> last4 = Vector128.Load(last + (4 * linePitch));
        Vector128<float> last5 = Vector128.Load(last + (5 * linePitch));
        nint length = (run.Count * (nint)Pixels) + Points - Pixels;
        for (nint column = 0; column < length; column += TSimd.Count)
        {
            float* from = rows + column;
            TVector first = Load(from, sizes + column);
            TVector second = Load(from + rowPitch, sizes + rowPitch + column);
            TVector third = Load(from + (2 * rowPitch), sizes + (2 * rowPitch) + column);
            TVector fourth = Load(from + (3 * rowPitch), sizes + (3 * rowPitch) + column);
            TVector fifth = Load(from + (4 * rowPitch), sizes + (4 * rowPitch) + column);
            TVector sixth = Load(from + (5 * rowPitch), sizes + (5 * rowPitch) + column);
            WinogradLine<TSimd, TVector> line = WinogradLine<TSimd, TVector>.Of(first, second, third, fourth, fifth, sixth);
            line.Store(lines + column, linePitch);
            line.Store(last + column, linePitch);
        }

        last0.Store(last);
        last1.Store(last + linePitch);
        last2.Store(last + (2 * linePitch));
        last3.Store(last + (3 * linePitch));
        last4.Store(last + (4 * linePitch));
        last5.Store(last + (5 * linePitch));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Load(float* from, float* size)
    {
        TVector pixels = TSimd.Load(from);
        WinogradBalance<TSimd, TVector>.Add(pixels, size);
        return pixels;
    }

    private bool AreBalanced(ReadOnlySpan<TileRun> runs, float* sizes)
    {
        foreach (ref readonly TileRun run in runs)
        {
            if (!WinogradBalance<TSimd, TVector>.Holds(sizes, rowPitch, run.Count))
            {
                return false;
            }

            sizes += RowLength(run.Count);
        }

        return true;
    }

    /// <summary>Transforms the rows of a vector of tiles.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void TransformRows(float* lines, float* following, float* to)
    {
        for (int row = 0; row < Points; row++)
        {
            (TVector first, TVector second, TVector third, TVector fourth) = WinogradLine<TSimd, TVector>.Transpose(
                TSimd.Load(lines), TSimd.Load(lines + TSimd.Count), TSimd.Load(lines + (2 * TSimd.Count)), TSimd.Load(lines + (3 * TSimd.Count)));
            TVector even = TSimd.InterleaveLow(TSimd.Load(following), TSimd.Load(following + (2 * TSimd.Count)));
            TVector odd = TSimd.InterleaveLow(TSimd.Load(following + TSimd.Count), TSimd.Load(following + (3 * TSimd.Count)));
            WinogradLine<TSimd, TVector>.Of(
                first, second, third, fourth, TSimd.InterleaveLow(even, odd), TSimd.InterleaveHigh(even, odd)).Store(to, ProductPitch);
            lines += linePitch;
            following += linePitch;
            to += Points * ProductPitch;
        }
    }
}
