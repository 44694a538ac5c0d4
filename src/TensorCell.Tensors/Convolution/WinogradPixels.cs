using System.Runtime.CompilerServices;
using TensorCell.Kernels;

namespace TensorCell.Tensors.Convolution;

/// <summary>Four vectors of a tile's row or column of the result.</summary>
/// <param name="First">The first pixel.</param>
/// <param name="Second">The second.</param>
/// <param name="Third">The third.</param>
/// <param name="Fourth">The fourth.</param>
internal readonly record struct WinogradPixels<TSimd, TVector>(TVector First, TVector Second, TVector Third, TVector Fourth)
    where TSimd : struct, IFusedVector<TVector, float>
    where TVector : struct
{
    /// <summary>What is left of a tile's row or column at its six points.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static WinogradPixels<TSimd, TVector> Of(
        TVector zero, TVector inner, TVector innerOpposite, TVector outer, TVector outerOpposite, TVector infinity)
    {
        TVector innerEven = TSimd.Add(inner, innerOpposite);
        TVector innerOdd = TSimd.Subtract(inner, innerOpposite);
        TVector outerEven = TSimd.Add(outer, outerOpposite);
        TVector outerOdd = TSimd.Subtract(outer, outerOpposite);
        return new WinogradPixels<TSimd, TVector>(
            TSimd.Add(zero, TSimd.Add(innerEven, outerEven)),
            TSimd.MultiplyAdd(TSimd.Fill(WinogradPoints.Outer), outerOdd, TSimd.Multiply(TSimd.Fill(WinogradPoints.Inner), innerOdd)),
            TSimd.MultiplyAdd(TSimd.Fill(WinogradPoints.OuterSquare), outerEven, TSimd.Multiply(TSimd.Fill(WinogradPoints.InnerSquare), innerEven)),
            TSimd.MultiplyAdd(
                TSimd.Fill(WinogradPoints.OuterSquare * WinogradPoints.Outer),
                outerOdd,
                TSimd.MultiplyAdd(TSimd.Fill(WinogradPoints.InnerSquare * WinogradPoints.Inner), innerOdd, infinity)));
    }

    /// <summary>Adds zero times every pixel: what is not a number stays so, and infinity gives it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Check(TVector check) =>
        TSimd.MultiplyAdd(TSimd.Add(TSimd.Add(First, Second), TSimd.Add(Third, Fourth)), TSimd.Zero, check);
}
