using System.Runtime.CompilerServices;

namespace TensorCell.Tensors.Convolution;

/// <summary>Copies what blocks read of the input into planes, as a <see cref="BlockGeometry"/> has them.</summary>
/// <param name="product">Whose input.</param>
/// <param name="geometry">How the planes lie.</param>
internal sealed unsafe class PaddedPlanes<TSimd, TVector, T>(SlidingProduct product, BlockGeometry geometry)
    where TSimd : struct, Kernels.IFusedVector<TVector, T>
    where TVector : struct
    where T : unmanaged
{
    /// <summary>Fills the planes of some channels of a group for one block.</summary>
    public void Fill(in PixelBlock block, int firstChannel, int channels, T* target)
    {
        int firstRow = (block.Row * product.Step.Height) + geometry.FirstRow;
        int firstColumn = (block.Column * product.Step.Width) + geometry.FirstColumn;
        ImageOperand input = product.Input;
        T* source = (T*)input.Address + (((block.Group * (nint)product.Channels) + firstChannel) * input.ChannelStride);
        for (int planeRow = 0; planeRow < product.Step.Height; planeRow++)
        {
            for (int planeColumn = 0; planeColumn < product.Step.Width; planeColumn++)
            {
                if (geometry.Uses(planeRow, planeColumn))
                {
                    nint plane = ((planeRow * product.Step.Width) + planeColumn) * geometry.PlanePitch;
                    FillPlane(block, firstRow + planeRow, firstColumn + planeColumn, source, channels, target + plane);
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void FillPlane(in PixelBlock block, int firstRow, int firstColumn, T* source, int channels, T* target)
    {
        ImageOperand input = product.Input;
        (int height, int width) = product.InputSize;
        int step = product.Step.Width;
        int length = geometry.RowPitch;
        int before = Math.Clamp(Steps(-firstColumn, step), 0, length);
        int end = Math.Clamp(Steps(width - firstColumn, step), before, length);
        for (int channel = 0; channel < channels; channel++)
        {
            T* to = target + (channel * geometry.ChannelPitch);
            for (int image = 0; image < block.Images; image++)
            {
                T* from = source + ((block.Image + image) * input.ImageStride) + (channel * input.ChannelStride)
                    + ((firstColumn + (before * (nint)step)) * input.ColumnStride);
                for (int row = 0; row < geometry.PlaneRows; row++)
                {
                    int place = firstRow + (row * product.Step.Height);
                    if (place < 0 || place >= height)
                    {
                        PixelRow<TSimd, TVector, T>.Clear(to, length);
                    }
                    else
                    {
                        PixelRow<TSimd, TVector, T>.Clear(to, before);
                        PixelRow<TSimd, TVector, T>.Copy(from + (place * input.RowStride), step * input.ColumnStride, to + before, end - before);
                        PixelRow<TSimd, TVector, T>.Clear(to + end, length - end);
                    }

                    to += length;
                }
            }

            PixelRow<TSimd, TVector, T>.Clear(to, geometry.SharedZeros);
        }
    }

    /// <summary>How many steps from 0 there are below a distance.</summary>
    private static int Steps(int distance, int step) => distance <= 0 ? 0 : ((distance - 1) / step) + 1;
}
