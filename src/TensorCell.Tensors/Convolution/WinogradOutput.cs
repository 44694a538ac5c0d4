using System.Runtime.CompilerServices;
using TensorCell.Kernels;

namespace TensorCell.Tensors.Convolution;

/// <summary>Turns a block's sums of products into pixels, does the work of the epilogue on them, and moves them to the result.</summary>
/// <param name="product">What is computed.</param>
/// <param name="geometry">How it is cut.</param>
internal sealed unsafe class WinogradOutput<TSimd, TVector>(SlidingProduct product, WinogradGeometry geometry)
    where TSimd : struct, IFusedVector<TVector, float>
    where TVector : struct
{
    private const int Points = WinogradGeometry.Points;
    private const int Pixels = WinogradGeometry.Pixels;
    private const int Stages = 2;
    private readonly nint linePitch = geometry.BlockTiles * (nint)Pixels;
    private readonly nint[] results = product.Epilogue?.Results ?? [0];

    /// <summary>Elements from the sums of one product of matrices to those of the next.</summary>
    public nint ProductPitch { get; } = (product.Filters * (nint)geometry.BlockTiles) + (CpuBuffer.Alignment / sizeof(float));

    /// <summary>Elements of all sums of a block.</summary>
    public nint SumsLength => WinogradGeometry.Products * ProductPitch;

    /// <summary>How finished pixels lie.</summary>
    public LineLayout Layout => new(linePitch, Pixels * linePitch, Pixels * linePitch);

    /// <summary>Elements from the lines of one result to those of the next.</summary>
    public nint ResultPitch => (Pixels * linePitch) + (2 * TSimd.Count);

    /// <summary>Elements of working memory.</summary>
    public nint WorkLength => (Pixels * Points * TSimd.Count) + (Stages * LinesLength);

    private nint LinesLength => Math.Max(1, results.Length) * ResultPitch;

    /// <summary>Finishes some channels of a block.</summary>
    /// <param name="group">The block's group.</param>
    /// <param name="parts">Its pixels.</param>
    /// <param name="tiles">How many tiles it has.</param>
    /// <param name="firstFilter">The first channel.</param>
    /// <param name="filters">How many.</param>
    /// <param name="sums">The sums for each product, channel and tile.</param>
    /// <param name="work">Working memory.</param>
    /// <param name="epilogue">Work to do on the pixels first, if any.</param>
    /// <returns>Whether all pixels are finite numbers. If not, some of them may be wrong.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool Write(
        int group, ReadOnlySpan<LinePart> parts, int tiles, int firstFilter, int filters, float* sums, float* work, EpilogueLines<TSimd, TVector, float>? epilogue)
    {
        float* lines = work + (Pixels * Points * TSimd.Count);
        TVector check = TSimd.Zero;
        for (int index = 0; index <= filters; index++)
        {
            // The lines that were stored before last have reached the cache.
            if (index < filters)
            {
                check = Transform(tiles, sums + ((firstFilter + index) * (nint)geometry.BlockTiles), work, lines + (index % Stages * LinesLength), check);
            }

            if (index > 0)
            {
                Move(parts, tiles, (group * product.Filters) + firstFilter + index - 1, lines + ((index - 1) % Stages * LinesLength), epilogue);
            }
        }

        return TSimd.Sum(check) == 0;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private TVector Transform(int tiles, float* sums, float* work, float* lines, TVector check)
    {
        for (int place = 0; place < tiles; place += TSimd.Count)
        {
            check = Transform(sums + place, work, lines + (place * Pixels), check);
        }

        return check;
    }

    /// <summary>Does the work of the epilogue on a channel's lines, and moves them to the results.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Move(ReadOnlySpan<LinePart> parts, int tiles, int channel, float* lines, EpilogueLines<TSimd, TVector, float>? epilogue)
    {
        epilogue?.Run(parts, ((Pixels - 1) * linePitch) + (tiles * (nint)Pixels), channel, 1, lines);
        TVector bias = product.Bias == 0 ? TSimd.Fill(-0.0) : TSimd.Broadcast((float*)product.Bias + channel);
        for (int result = 0; result < results.Length; result++)
        {
            foreach (ref readonly LinePart part in parts)
            {
                Move(part, channel, lines + (result * ResultPitch) + part.Place, results[result], bias);
            }
        }
    }

    /// <summary>The pixels of a vector of tiles.</summary>
    /// <returns>The check, to which nothing has been added but zeros, or what is not a number if a pixel is no finite one.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private TVector Transform(float* sums, float* work, float* lines, TVector check)
    {
        nint pitch = ProductPitch;
        for (int column = 0; column < Points; column++)
        {
            float* from = sums + (column * pitch);
            WinogradPixels<TSimd, TVector> pixels = WinogradPixels<TSimd, TVector>.Of(
                TSimd.Load(from),
                TSimd.Load(from + (Points * pitch)),
                TSimd.Load(from + (2 * Points * pitch)),
                TSimd.Load(from + (3 * Points * pitch)),
                TSimd.Load(from + (4 * Points * pitch)),
                TSimd.Load(from + (5 * Points * pitch)));
            float* to = work + (column * TSimd.Count);
            TSimd.Store(pixels.First, to);
            TSimd.Store(pixels.Second, to + (Points * TSimd.Count));
            TSimd.Store(pixels.Third, to + (2 * Points * TSimd.Count));
            TSimd.Store(pixels.Fourth, to + (3 * Points * TSimd.Count));
        }

        for (int row = 0; row < Pixels; row++)
        {
            WinogradPixels<TSimd, TVector> pixels = WinogradPixels<TSimd, TVector>.Of(
                TSimd.Load(work),
                TSimd.Load(work + TSimd.Count),
                TSimd.Load(work + (2 * TSimd.Count)),
                TSimd.Load(work + (3 * TSimd.Count)),
                TSimd.Load(work + (4 * TSimd.Count)),
                TSimd.Load(work + (5 * TSimd.Count)));
            check = pixels.Check(check);
            (TVector first, TVector second, TVector third, TVector fourth) =
                WinogradLine<TSimd, TVector>.Transpose(pixels.First, pixels.Second, pixels.Third, pixels.Fourth);
            TSimd.Store(first, lines);
            TSimd.Store(second, lines + TSimd.Count);
            TSimd.Store(third, lines + (2 * TSimd.Count));
            TSimd.Store(fourth, lines + (3 * TSimd.Count));
            work += Points * TSimd.Count;
            lines += linePitch;
        }

        return check;
    }

    /// <summary>Moves the pixels of a run to a result so many bytes from the product's output.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Move(in LinePart part, int channel, float* from, nint result, TVector bias)
    {
        ImageOperand output = product.Output;
        float* to = (float*)(output.Address + result) + (part.Block.Image * output.ImageStride) + (channel * output.ChannelStride)
            + (part.Block.Row * output.RowStride) + (part.Block.Column * output.ColumnStride);
        for (int row = 0; row < part.Block.Rows; row++)
        {
            if (output.ColumnStride == 1)
            {
                FinishedRows<TSimd, TVector, float>.Copy(from, to, part.Block.Columns, bias);
            }
            else
            {
                FinishedRows<TSimd, TVector, float>.Scatter(from, to, output.ColumnStride, part.Block.Columns, bias);
            }

            from += linePitch;
            to += output.RowStride;
        }
    }
}
