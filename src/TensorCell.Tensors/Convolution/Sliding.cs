using System.Runtime.Intrinsics;
using TensorCell.Kernels;
using TensorCell.Kernels.Simd;

namespace TensorCell.Tensors.Convolution;

/// <summary>Computes sliding products of f32 and f64 through vectors of <see cref="VectorWidth.Bits"/>.</summary>
internal static class Sliding
{
    /// <summary>Computes one, in the way that is fastest.</summary>
    public static void Run(DType dtype, SlidingProduct product)
    {
        if (dtype == DType.Float32 && Winograd.Suits(product))
        {
            Winograd.Run(product);
        }
        else
        {
            RunDirect(dtype, product);
        }
    }

    /// <summary>Computes one by its definition.</summary>
    public static void RunDirect(DType dtype, SlidingProduct product)
    {
        product = product.Flattened;
        int bits = VectorWidth.Bits;
        TapTile tile = TapTile.Of(dtype, bits);
        switch (dtype, bits)
        {
            case (DType.Float32, 512):
                Run<Vector512Float32, Vector512<float>, float>(product, tile);
                break;
            case (DType.Float32, 256):
                Run<Vector256Float32, Vector256<float>, float>(product, tile);
                break;
            case (DType.Float32, _):
                Run<Vector128Float32, Vector128<float>, float>(product, tile);
                break;
            case (_, 512):
                Run<Vector512Float64, Vector512<double>, double>(product, tile);
                break;
            case (_, 256):
                Run<Vector256Float64, Vector256<double>, double>(product, tile);
                break;
            default:
                Run<Vector128Float64, Vector128<double>, double>(product, tile);
                break;
        }
    }

    /// <summary>Computes the gradient with respect to the weights, which are written, from the input and the gradient of the result.</summary>
    public static void RunWeights(DType dtype, SlidingProduct product)
    {
        product = product.Flattened;
        int bits = VectorWidth.Bits;
        DotTile tile = DotTile.Of(dtype, bits);
        switch (dtype, bits)
        {
            case (DType.Float32, 512):
                new WeightProduct<Vector512Float32, Vector512<float>, float>(product, tile).Run();
                break;
            case (DType.Float32, 256):
                new WeightProduct<Vector256Float32, Vector256<float>, float>(product, tile).Run();
                break;
            case (DType.Float32, _):
                new WeightProduct<Vector128Float32, Vector128<float>, float>(product, tile).Run();
                break;
            case (_, 512):
                new WeightProduct<Vector512Float64, Vector512<double>, double>(product, tile).Run();
                break;
            case (_, 256):
                new WeightProduct<Vector256Float64, Vector256<double>, double>(product, tile).Run();
                break;
            default:
                new WeightProduct<Vector128Float64, Vector128<double>, double>(product, tile).Run();
                break;
        }
    }

    private static void Run<TSimd, TVector, T>(SlidingProduct product, TapTile tile)
        where TSimd : struct, IFusedVector<TVector, T>
        where TVector : struct
        where T : unmanaged
    {
        if (StraightPlan.Of(product, tile) is { } plan)
        {
            new StraightProduct<TSimd, TVector, T>(plan, tile).Run();
        }
        else
        {
            new DirectProduct<TSimd, TVector, T>(product, tile).Run();
        }
    }
}
