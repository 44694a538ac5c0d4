using System.Runtime.CompilerServices;
using TensorCell.Kernels;

namespace TensorCell.Tensors.Convolution;

/// <summary>
/// Whether the pixels of a tile are of about the same size: to each of its results all of them contribute, and their rounding, even where only some are under
/// the filter. So a pixel that is far larger than others would cost the results beside it their accuracy.
/// </summary>
internal static unsafe class WinogradBalance<TSimd, TVector>
    where TSimd : struct, IFusedVector<TVector, float>
    where TVector : struct
{
    // Among the sums of absolute pixels under the filter at the places of a tile.
    private const float MostRatio = 256;
    private const int Pixels = WinogradGeometry.Pixels;

    /// <summary>Adds the sizes of pixels to sums.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Add(TVector pixels, float* sums) =>
        TSimd.Store(TSimd.Add(TSimd.Load(sums), TSimd.Max(pixels, TSimd.Subtract(TSimd.Zero, pixels))), sums);

    /// <summary>Whether the tiles of a run are balanced. Where all is zero, nothing is lost that matters.</summary>
    /// <param name="sums">For each of six rows the sums of absolute pixels, through all channels; are overwritten.</param>
    /// <param name="pitch">Elements from one row to the next.</param>
    /// <param name="tiles">Tiles of the run.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static bool Holds(float* sums, nint pitch, int tiles)
    {
        nint length = tiles * (nint)Pixels;
        nint places = length + WinogradGeometry.Points - Pixels;
        AddNext(sums, pitch, pitch, places);
        AddNext(sums, pitch, 1, length);
        for (nint column = 0; column < length; column += TSimd.Count)
        {
            TVector least = TSimd.Fill(float.MaxValue);
            TVector greatest = TSimd.Zero;
            for (int row = 0; row < Pixels; row++)
            {
                TVector sum = TSimd.Load(sums + (row * pitch) + column);
                greatest = TSimd.Max(greatest, sum);
                sum = TSimd.WhereLess(TSimd.Zero, sum, sum, TSimd.Fill(float.MaxValue));
                least = TSimd.WhereLess(sum, least, sum, least);
            }

            TSimd.Store(least, sums + (Pixels * pitch) + column);
            TSimd.Store(greatest, sums + ((Pixels + 1) * pitch) + column);
        }

        for (nint column = 0; column < length; column += Pixels)
        {
            float* least = sums + (Pixels * pitch) + column;
            float* greatest = least + pitch;
            float most = Math.Max(Math.Max(greatest[0], greatest[1]), Math.Max(greatest[2], greatest[3]));
            if (!(most <= MostRatio * Math.Min(Math.Min(least[0], least[1]), Math.Min(least[2], least[3]))))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Adds to the sums of four rows the two that follow each, so many elements apart.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddNext(float* sums, nint pitch, nint distance, nint count)
    {
        for (int row = 0; row < Pixels; row++)
        {
            float* line = sums + (row * pitch);
            for (nint column = 0; column < count; column += TSimd.Count)
            {
                float* place = line + column;
                TSimd.Store(TSimd.Add(TSimd.Load(place), TSimd.Add(TSimd.Load(place + distance), TSimd.Load(place + (2 * distance)))), place);
            }
        }
    }
}
