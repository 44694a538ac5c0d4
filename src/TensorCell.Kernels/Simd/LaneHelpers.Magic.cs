using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace TensorCell.Kernels.Simd;

/// <summary>Quotients of 32-bit integers by constants, from the upper halves of products (see <see cref="Magic"/>).</summary>
internal static unsafe partial class LaneHelpers
{
    /// <summary>Quotients by a constant of which the <see cref="Magic"/> is given.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> DivideByMagic(Vector128<int> x, int multiplier, int isWide, int shift)
    {
        var upper = UpperProducts(x, Vector128.Create(multiplier));
        return ((isWide != 0 ? upper + x : upper) >> shift) - (x >> 31);
    }

    /// <inheritdoc cref="DivideByMagic(Vector128{int}, int, int, int)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> DivideUnsignedByMagic(Vector128<int> x, int multiplier, int isWide, int shift)
    {
        // The sum of both may take 33 bits; half of it does not.
        var upper = UpperProductsUnsigned(x, Vector128.Create(multiplier));
        return isWide != 0 ? (((x - upper) >>> 1) + upper) >>> (shift - 1) : upper >>> shift;
    }

    /// <summary>What <see cref="DivideByMagic(Vector128{int}, int, int, int)"/> leaves.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> RemainderByMagic(Vector128<int> x, int multiplier, int isWide, int shift, int divisor) =>
        x - (DivideByMagic(x, multiplier, isWide, shift) * Vector128.Create(divisor));

    /// <inheritdoc cref="RemainderByMagic(Vector128{int}, int, int, int, int)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> RemainderUnsignedByMagic(Vector128<int> x, int multiplier, int isWide, int shift, int divisor) =>
        x - (DivideUnsignedByMagic(x, multiplier, isWide, shift) * Vector128.Create(divisor));

    /// <summary>The upper halves of the products.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<int> UpperProducts(Vector128<int> x, Vector128<int> y) => Sse41.IsSupported
        ? Vector128.ConditionalSelect(
            Vector128.Create(0xFFFFFFFFL << 32),
            Sse41.Multiply((x.AsInt64() >>> 32).AsInt32(), y),
            Sse41.Multiply(x, y) >>> 32).AsInt32()
        : Vector128.Create(Upper(x[0], y[0]), Upper(x[1], y[1]), Upper(x[2], y[2]), Upper(x[3], y[3]));

    /// <summary>The upper halves of the products.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<int> UpperProductsUnsigned(Vector128<int> x, Vector128<int> y) => Sse2.IsSupported
        ? Vector128.ConditionalSelect(
            Vector128.Create(0xFFFFFFFFL << 32),
            Sse2.Multiply((x.AsInt64() >>> 32).AsInt32().AsUInt32(), y.AsUInt32()).AsInt64(),
            Sse2.Multiply(x.AsUInt32(), y.AsUInt32()).AsInt64() >>> 32).AsInt32()
        : Vector128.Create(UpperUnsigned(x[0], y[0]), UpperUnsigned(x[1], y[1]), UpperUnsigned(x[2], y[2]), UpperUnsigned(x[3], y[3]));

    /// <summary>Quotients by a constant of which the <see cref="Magic"/> is given.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> DivideByMagic(Vector256<int> x, int multiplier, int isWide, int shift)
    {
        var upper = UpperProducts(x, Vector256.Create(multiplier));
        return ((isWide != 0 ? upper + x : upper) >> shift) - (x >> 31);
    }

    /// <inheritdoc cref="DivideByMagic(Vector256{int}, int, int, int)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> DivideUnsignedByMagic(Vector256<int> x, int multiplier, int isWide, int shift)
    {
        // The sum of both may take 33 bits; half of it does not.
        var upper = UpperProductsUnsigned(x, Vector256.Create(multiplier));
        return isWide != 0 ? (((x - upper) >>> 1) + upper) >>> (shift - 1) : upper >>> shift;
    }

    /// <summary>What <see cref="DivideByMagic(Vector256{int}, int, int, int)"/> leaves.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> RemainderByMagic(Vector256<int> x, int multiplier, int isWide, int shift, int divisor) =>
        x - (DivideByMagic(x, multiplier, isWide, shift) * Vector256.Create(divisor));

    /// <inheritdoc cref="RemainderByMagic(Vector256{int}, int, int, int, int)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> RemainderUnsignedByMagic(Vector256<int> x, int multiplier, int isWide, int shift, int divisor) =>
        x - (DivideUnsignedByMagic(x, multiplier, isWide, shift) * Vector256.Create(divisor));

    /// <summary>The upper halves of the products.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> UpperProducts(Vector256<int> x, Vector256<int> y) => Avx2.IsSupported
        ? Vector256.ConditionalSelect(
            Vector256.Create(0xFFFFFFFFL << 32),
            Avx2.Multiply((x.AsInt64() >>> 32).AsInt32(), y),
            Avx2.Multiply(x, y) >>> 32).AsInt32()
        : Joined(UpperProducts(x.GetLower(), y.GetLower()), UpperProducts(x.GetUpper(), y.GetUpper()));

    /// <summary>The upper halves of the products.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> UpperProductsUnsigned(Vector256<int> x, Vector256<int> y) => Avx2.IsSupported
        ? Vector256.ConditionalSelect(
            Vector256.Create(0xFFFFFFFFL << 32),
            Avx2.Multiply((x.AsInt64() >>> 32).AsInt32().AsUInt32(), y.AsUInt32()).AsInt64(),
            Avx2.Multiply(x.AsUInt32(), y.AsUInt32()).AsInt64() >>> 32).AsInt32()
        : Joined(UpperProductsUnsigned(x.GetLower(), y.GetLower()), UpperProductsUnsigned(x.GetUpper(), y.GetUpper()));

    /// <summary>Quotients by a constant of which the <see cref="Magic"/> is given.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> DivideByMagic(Vector512<int> x, int multiplier, int isWide, int shift)
    {
        var upper = UpperProducts(x, Vector512.Create(multiplier));
        return ((isWide != 0 ? upper + x : upper) >> shift) - (x >> 31);
    }

    /// <inheritdoc cref="DivideByMagic(Vector512{int}, int, int, int)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> DivideUnsignedByMagic(Vector512<int> x, int multiplier, int isWide, int shift)
    {
        // The sum of both may take 33 bits; half of it does not.
        var upper = UpperProductsUnsigned(x, Vector512.Create(multiplier));
        return isWide != 0 ? (((x - upper) >>> 1) + upper) >>> (shift - 1) : upper >>> shift;
    }

    /// <summary>What <see cref="DivideByMagic(Vector512{int}, int, int, int)"/> leaves.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> RemainderByMagic(Vector512<int> x, int multiplier, int isWide, int shift, int divisor) =>
        x - (DivideByMagic(x, multiplier, isWide, shift) * Vector512.Create(divisor));

    /// <inheritdoc cref="RemainderByMagic(Vector512{int}, int, int, int, int)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> RemainderUnsignedByMagic(Vector512<int> x, int multiplier, int isWide, int shift, int divisor) =>
        x - (DivideUnsignedByMagic(x, multiplier, isWide, shift) * Vector512.Create(divisor));

    /// <summary>The upper halves of the products.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<int> UpperProducts(Vector512<int> x, Vector512<int> y) => Avx512F.IsSupported
        ? Vector512.ConditionalSelect(
            Vector512.Create(0xFFFFFFFFL << 32),
            Avx512F.Multiply((x.AsInt64() >>> 32).AsInt32(), y),
            Avx512F.Multiply(x, y) >>> 32).AsInt32()
        : Joined(UpperProducts(x.GetLower(), y.GetLower()), UpperProducts(x.GetUpper(), y.GetUpper()));

    /// <summary>The upper halves of the products.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<int> UpperProductsUnsigned(Vector512<int> x, Vector512<int> y) => Avx512F.IsSupported
        ? Vector512.ConditionalSelect(
            Vector512.Create(0xFFFFFFFFL << 32),
            Avx512F.Multiply((x.AsInt64() >>> 32).AsInt32().AsUInt32(), y.AsUInt32()).AsInt64(),
            Avx512F.Multiply(x.AsUInt32(), y.AsUInt32()).AsInt64() >>> 32).AsInt32()
        : Joined(UpperProductsUnsigned(x.GetLower(), y.GetLower()), UpperProductsUnsigned(x.GetUpper(), y.GetUpper()));

    private static int Upper(int x, int y) => (int)(((long)x * y) >> 32);

    private static int UpperUnsigned(int x, int y) => (int)(((ulong)(uint)x * (uint)y) >> 32);
}
