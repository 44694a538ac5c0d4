using TensorCell.Kernels;
using TensorCell.Tensors.LinearAlgebra;

namespace TensorCell.Tensors.Convolution;

/// <summary>
/// Computes the gradient of a flattened sliding product's weights, which are written: for each image the matrix product of the gradients of all filters with
/// the pixels of all channels, then the sum over the images, in their order.
/// </summary>
/// <param name="product">The product; its output is the gradient.</param>
/// <param name="tile">The tile for its element type.</param>
internal sealed unsafe class PlaneProduct<TSimd, TVector, T>(SlidingProduct product, Tile tile)
    where TSimd : struct, IFusedVector<TVector, T>
    where TVector : struct
    where T : unmanaged
{
    private const int LeastImages = 2;

    private nint WeightCount => product.Filters * (nint)product.Channels;

    private nint Area => (nint)product.OutputSize.Area;

    /// <summary>Whether a product is better computed so: one of one tap, whose result for each image is little beside what is read for it.</summary>
    public static bool Suits(SlidingProduct product, Tile tile) =>
        product.IsFlat && product.Groups == 1 && product.Images >= LeastImages
        && product.Channels >= tile.Lanes && product.Filters >= tile.Rows
        && product.Filters * (double)product.Channels < 2 * (product.Filters + (double)product.Channels) * product.OutputSize.Area;

    /// <summary>Computes the gradient.</summary>
    public void Run()
    {
        using CpuBuffer partials = MatrixMultiply.Allocate(product.Images * WeightCount * sizeof(T));
        if (product.Images >= Workers.ThreadCount)
        {
            Workers.For(product.Images, image => Multiply(image, partials.Address));
        }
        else
        {
            for (int image = 0; image < product.Images; image++)
            {
                Multiply(image, partials.Address);
            }
        }

        PartialSums<TSimd, TVector, T>.Run((T*)partials.Address, product.Images, WeightCount, (T*)product.Weights.Address);
        GC.KeepAlive(partials);
    }

    private void Multiply(int image, nint partials)
    {
        nint gradient = product.Output.Address + (image * product.Output.ImageStride * sizeof(T));
        nint input = product.Input.Address + (image * product.Input.ImageStride * sizeof(T));
        new BlockedProduct<T>(
            new MatrixProduct(
                product.Filters,
                product.Channels,
                Area,
                new MatrixOperand(gradient, product.Output.ChannelStride, 1),
                new MatrixOperand(input, 1, product.Input.ChannelStride),
                new MatrixOperand(partials + (image * WeightCount * sizeof(T)), product.Channels, 1)),
            default,
            tile).Run();
    }
}
