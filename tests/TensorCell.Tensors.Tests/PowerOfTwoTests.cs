using System.Runtime.Intrinsics;
using TensorCell.Kernels;
using TensorCell.Tensors.Attention;

namespace TensorCell.Tensors.Tests;

public sealed unsafe class PowerOfTwoTests
{
    [Fact]
    public void SinglesAreWithinTwoUlp()
    {
        for (float x = -125.9f; x <= 1; x += 0.00317f)
        {
            Verify<Vector128Float32, Vector128<float>, float>(x, 2 * Math.Pow(2, -23));
            Verify<Vector256Float32, Vector256<float>, float>(x, 2 * Math.Pow(2, -23));
            Verify<Vector512Float32, Vector512<float>, float>(x, 2 * Math.Pow(2, -23));
        }
    }

    [Fact]
    public void DoublesAreWithinTwoUlp()
    {
        for (double x = -1021.9; x <= 1; x += 0.0317)
        {
            Verify<Vector128Float64, Vector128<double>, double>(x, 2 * Math.Pow(2, -52));
            Verify<Vector256Float64, Vector256<double>, double>(x, 2 * Math.Pow(2, -52));
            Verify<Vector512Float64, Vector512<double>, double>(x, 2 * Math.Pow(2, -52));
        }
    }

    [Theory]
    [InlineData(-127)]
    [InlineData(-1e30)]
    [InlineData(double.NegativeInfinity)]
    public void WhatIsTooSmallIsZero(double x)
    {
        Assert.Equal(0, Of<Vector256Float32, Vector256<float>, float>((float)x));
        Assert.Equal(0, Of<Vector256Float64, Vector256<double>, double>(x * 10));
    }

    [Fact]
    public void NaNStays()
    {
        Assert.True(float.IsNaN(Of<Vector256Float32, Vector256<float>, float>(float.NaN)));
        Assert.True(double.IsNaN(Of<Vector512Float64, Vector512<double>, double>(double.NaN)));
    }

    private static void Verify<TSimd, TVector, T>(T x, double tolerance)
        where TSimd : struct, IFusedVector<TVector, T>
        where TVector : struct
        where T : unmanaged, IConvertible
    {
        double expected = Math.Pow(2, x.ToDouble(null));
        double found = Of<TSimd, TVector, T>(x).ToDouble(null);
        Assert.True(Math.Abs(found - expected) <= tolerance * expected, $"2^{x}: expected {expected:R}, found {found:R}");
    }

    private static T Of<TSimd, TVector, T>(T x)
        where TSimd : struct, IFusedVector<TVector, T>
        where TVector : struct
        where T : unmanaged
    {
        T* lanes = stackalloc T[TSimd.Count];
        PowerOfTwo<TSimd, TVector, T> power = new();
        TSimd.Store(power.Of(TSimd.Broadcast(&x)), lanes);
        Assert.Equal(lanes[0], lanes[TSimd.Count - 1]);
        return lanes[0];
    }
}
