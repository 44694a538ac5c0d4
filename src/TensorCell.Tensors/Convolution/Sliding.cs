using System.Runtime.Intrinsics;
using TensorCell.Kernels;
using TensorCell.Kernels.Simd;
using TensorCell.Tensors.LinearAlgebra;

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
        switch (dtype, VectorWidth.Bits)
        {
            case (DType.Float32, 512):
                RunWeights<Vector512Float32, Vector512<float>, float>(dtype, product);
                break;
            case (DType.Float32, 256):
                RunWeights<Vector256Float32, Vector256<float>, float>(dtype, product);
                break;
            case (DType.Float32, _):
                RunWeights<Vector128Float32, Vector128<float>, float>(dtype, product);
                break;
            case (_, 512):
                RunWeights<Vector512Float64, Vector512<double>, double>(dtype, product);
                break;
            case (_, 256):
                RunWeights<Vector256Float64, Vector256<double>, double>(dtype, product);
                break;
            default:
                RunWeights<Vector128Float64, Vector128<double>, double>(dtype, product);
                break;
        }
    }

    private static void RunWeights<TSimd, TVector, T>(DType dtype, SlidingProduct product)
        where TSimd : struct, IFusedVector<TVector, T>
        where TVector : struct
        where T : unmanaged
    {
        Tile tile = Tile.Of(dtype, VectorWidth.Bits);
        if (PlaneProduct<TSimd, TVector, T>.Suits(product, tile))
        {
            new PlaneProduct<TSimd, TVector, T>(product, tile).Run();
        }
        else
        {
            new WeightProduct<TSimd, TVector, T>(product, DotTile.Of(dtype, VectorWidth.Bits)).Run();
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
