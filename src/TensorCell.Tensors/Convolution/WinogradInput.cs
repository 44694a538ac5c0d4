using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
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
    private readonly nint rowPitch = (geometry.LongestRun * (nint)Pixels) + (2 * TSimd.Count);
    private readonly nint linePitch = (geometry.BlockTiles * (nint)Pixels) + (3 * TSimd.Count);

    /// <summary>Elements from the transforms for one product of matrices to those for the next.</summary>
    public nint ProductPitch { get; } = (product.Channels * (nint)geometry.BlockTiles) + (CpuBuffer.Alignment / sizeof(float));

    /// <summary>Elements of working memory; zeros at first.</summary>
    public nint WorkLength => BlockSizes.RoundUp((Points * rowPitch) + (2 * Points * linePitch), TSimd.Count);

    /// <summary>Elements of all transforms of a block.</summary>
    public nint Length => WinogradGeometry.Products * ProductPitch;

    /// <summary>Transforms a block into panels, in which for each channel the tiles are side by side.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Fill(int group, ReadOnlySpan<TileRun> runs, int tiles, float* work, float* target)
    {
        float* lines = work + (Points * rowPitch) + TSimd.Count;
        float* following = lines + (Points * linePitch);
        int vectors = (tiles + TSimd.Count - 1) / TSimd.Count;
        for (int channel = 0; channel < product.Channels; channel++)
        {
            float* plane = (float*)product.Input.Address + (((group * (nint)product.Channels) + channel) * product.Input.ChannelStride);
            foreach (ref readonly TileRun run in runs)
            {
                CopyRows(run, plane + (run.Image * product.Input.ImageStride), work);
                TransformColumns(run, work, lines + (run.Place * Pixels), following + (run.Place * Pixels));
            }

            for (int vector = 0; vector < vectors; vector++)
            {
                (int index, int rest) = Math.DivRem(vector * TSimd.Count, panel);
                nint place = vector * (nint)Pixels * TSimd.Count;
                TransformRows(lines + place, following + place, target + ((((nint)index * product.Channels) + channel) * panel) + rest);
            }
        }
    }

    /// <summary>Copies the rows that a run reads, with zeros where there is no input.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void CopyRows(in TileRun run, float* plane, float* rows)
    {
        int firstRow = (run.Row * Pixels) + geometry.FirstRow;
        int firstColumn = (run.First * Pixels) + geometry.FirstColumn;
        int length = (run.Count * Pixels) + Points - Pixels;
        int before = Math.Clamp(-firstColumn, 0, length);
        int end = Math.Clamp(product.InputSize.Width - firstColumn, before, length);
        float* from = plane + ((firstColumn + before) * product.Input.ColumnStride);
        for (int row = 0; row < Points; row++)
        {
            int place = firstRow + row;
            float* to = rows + (row * rowPitch);
            if (place < 0 || place >= product.InputSize.Height)
            {
                PixelRow<TSimd, TVector, float>.Clear(to, length);
                continue;
            }

            PixelRow<TSimd, TVector, float>.Clear(to, before);
            PixelRow<TSimd, TVector, float>.Copy(from + (place * product.Input.RowStride), product.Input.ColumnStride, to + before, end - before);
            PixelRow<TSimd, TVector, float>.Clear(to + end, length - end);
        }
    }

    /// <summary>
    /// Transforms the columns of a run onto lines; and once more, four pixels further on, onto the lines that hold what follows each tile. Whole vectors are
    /// stored: what is too much after them the next run overwrites, and what is before them is put back.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void TransformColumns(in TileRun run, float* rows, float* lines, float* following)
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
            WinogradLine<TSimd, TVector> line = WinogradLine<TSimd, TVector>.Of(
                TSimd.Load(from),
                TSimd.Load(from + rowPitch),
                TSimd.Load(from + (2 * rowPitch)),
                TSimd.Load(from + (3 * rowPitch)),
                TSimd.Load(from + (4 * rowPitch)),
                TSimd.Load(from + (5 * rowPitch)));
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
