using System.Runtime.CompilerServices;
using TensorCell.Kernels;

namespace TensorCell.Tensors.Convolution;

/// <summary>
/// What tiles read of the input of a sliding product: for each channel and tap the inputs of a block's pixels, as they lie on its line. They lie in the
/// padded planes, where one channel's taps overlap; or spread, every tap with pixels of its own.
/// </summary>
/// <param name="product">Whose input.</param>
/// <param name="geometry">How it is cut.</param>
internal sealed unsafe class InputLines<TSimd, TVector, T>(SlidingProduct product, BlockGeometry geometry)
    where TSimd : struct, IFusedVector<TVector, T>
    where TVector : struct
    where T : unmanaged
{
    private readonly PaddedPlanes<TSimd, TVector, T> planes = new(product, geometry);

    /// <summary>Channels that are there at once, at most.</summary>
    public int Channels => geometry.ChannelsAtOnce;

    /// <summary>Elements of working memory. Tiles may read as much beyond a line as it is rounded up by.</summary>
    public nint Length => PlanesLength + SpreadLength;

    private nint PlanesLength => (Channels * geometry.ChannelPitch) + (2 * TSimd.Count);

    private nint SpreadLength => geometry.IsSpread ? ((nint)Channels * product.Taps.Length * geometry.SpreadPitch) + TSimd.Count : 0;

    /// <summary>Writes how many bytes from where the lines begin that of each channel and tap lies.</summary>
    public void WriteOffsets(nint* table)
    {
        for (int channel = 0; channel < Channels; channel++)
        {
            for (int tap = 0; tap < product.Taps.Length; tap++)
            {
                nint offset = geometry.IsSpread
                    ? ((channel * (nint)product.Taps.Length) + tap) * geometry.SpreadPitch
                    : geometry.Offset(channel, product.Taps[tap]);
                *table++ = offset * sizeof(T);
            }
        }
    }

    /// <summary>Makes the lines of some channels of a block.</summary>
    /// <returns>Where they begin.</returns>
    public T* Fill(in PixelBlock block, int firstChannel, int channels, T* memory)
    {
        planes.Fill(block, firstChannel, channels, memory);
        if (!geometry.IsSpread)
        {
            return memory;
        }

        T* lines = memory + PlanesLength;
        Spread(block, channels, memory, lines);
        return lines;
    }

    // Rows shorter than a vector are copied as one: what is too much is overwritten by the next row, or lies between lines.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Spread(in PixelBlock block, int channels, T* memory, T* lines)
    {
        int width = block.Columns;
        for (int channel = 0; channel < channels; channel++)
        {
            foreach (Tap tap in product.Taps)
            {
                T* from = memory + geometry.Offset(channel, tap);
                T* to = lines;
                for (int image = 0; image < block.Images; image++)
                {
                    T* row = from + (image * geometry.ImagePitch);
                    for (int index = 0; index < block.Rows; index++)
                    {
                        for (int place = 0; place < width; place += TSimd.Count)
                        {
                            TSimd.Store(TSimd.Load(row + place), to + place);
                        }

                        row += geometry.RowPitch;
                        to += width;
                    }
                }

                lines += geometry.SpreadPitch;
            }
        }
    }
}
