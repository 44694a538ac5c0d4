using System.Runtime.CompilerServices;
using TensorCell.Kernels;

namespace TensorCell.Tensors.Convolution;

/// <summary>Six vectors of a tile's row or column, transformed to as many points.</summary>
internal readonly unsafe ref struct WinogradLine<TSimd, TVector>
    where TSimd : struct, IFusedVector<TVector, float>
    where TVector : struct
{
    private readonly TVector zero, inner, innerOpposite, outer, outerOpposite, infinity;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private WinogradLine(TVector zero, TVector inner, TVector innerOpposite, TVector outer, TVector outerOpposite, TVector infinity)
    {
        this.zero = zero;
        this.inner = inner;
        this.innerOpposite = innerOpposite;
        this.outer = outer;
        this.outerOpposite = outerOpposite;
        this.infinity = infinity;
    }

    /// <summary>The transform of six pixels of the input.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static WinogradLine<TSimd, TVector> Of(TVector first, TVector second, TVector third, TVector fourth, TVector fifth, TVector sixth)
    {
        // The product of all points' squares is 1.
        TVector squares = TSimd.Fill(-(WinogradPoints.InnerSquare + WinogradPoints.OuterSquare));
        TVector innerSquare = TSimd.Fill(-WinogradPoints.InnerSquare);
        TVector outerSquare = TSimd.Fill(-WinogradPoints.OuterSquare);
        TVector innerEven = TSimd.MultiplyAdd(outerSquare, third, fifth);
        TVector innerOdd = TSimd.MultiplyAdd(outerSquare, second, fourth);
        TVector outerEven = TSimd.MultiplyAdd(innerSquare, third, fifth);
        TVector outerOdd = TSimd.MultiplyAdd(innerSquare, second, fourth);
        return new WinogradLine<TSimd, TVector>(
            TSimd.MultiplyAdd(squares, third, TSimd.Add(first, fifth)),
            TSimd.MultiplyAdd(TSimd.Fill(WinogradPoints.Inner), innerOdd, innerEven),
            TSimd.MultiplyAdd(TSimd.Fill(-WinogradPoints.Inner), innerOdd, innerEven),
            TSimd.MultiplyAdd(TSimd.Fill(WinogradPoints.Outer), outerOdd, outerEven),
            TSimd.MultiplyAdd(TSimd.Fill(-WinogradPoints.Outer), outerOdd, outerEven),
            TSimd.MultiplyAdd(squares, fourth, TSimd.Add(second, sixth)));
    }

    /// <summary>Transposes four by four elements in every 128 bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (TVector First, TVector Second, TVector Third, TVector Fourth) Transpose(TVector first, TVector second, TVector third, TVector fourth)
    {
        TVector evenLow = TSimd.InterleaveLow(first, third);
        TVector evenHigh = TSimd.InterleaveHigh(first, third);
        TVector oddLow = TSimd.InterleaveLow(second, fourth);
        TVector oddHigh = TSimd.InterleaveHigh(second, fourth);
        return (
            TSimd.InterleaveLow(evenLow, oddLow),
            TSimd.InterleaveHigh(evenLow, oddLow),
            TSimd.InterleaveLow(evenHigh, oddHigh),
            TSimd.InterleaveHigh(evenHigh, oddHigh));
    }

    /// <summary>Stores the six, so many elements apart.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(float* to, nint pitch)
    {
        TSimd.Store(zero, to);
        TSimd.Store(inner, to + pitch);
        TSimd.Store(innerOpposite, to + (2 * pitch));
        TSimd.Store(outer, to + (3 * pitch));
        TSimd.Store(outerOpposite, to + (4 * pitch));
        TSimd.Store(infinity, to + (5 * pitch));
    }
}
