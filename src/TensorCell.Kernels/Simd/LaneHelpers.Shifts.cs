using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace TensorCell.Kernels.Simd;

/// <summary>Shifts of each lane by a number of its own, which counts modulo the width of the lane.</summary>
internal static unsafe partial class LaneHelpers
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> ShiftLeft(Vector128<int> x, Vector128<int> y) => Avx2.IsSupported
        ? Avx2.ShiftLeftLogicalVariable(x, (y & Vector128.Create(31)).AsUInt32())
        : Map(x, y, &Left);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> ShiftLeft(Vector256<int> x, Vector256<int> y) => Avx2.IsSupported
        ? Avx2.ShiftLeftLogicalVariable(x, (y & Vector256.Create(31)).AsUInt32())
        : Map(x, y, &Left);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> ShiftLeft(Vector512<int> x, Vector512<int> y) => Avx512F.IsSupported
        ? Avx512F.ShiftLeftLogicalVariable(x, (y & Vector512.Create(31)).AsUInt32())
        : Vector512.Create(ShiftLeft(x.GetLower(), y.GetLower()), ShiftLeft(x.GetUpper(), y.GetUpper()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> ShiftRight(Vector128<int> x, Vector128<int> y) => Avx2.IsSupported
        ? Avx2.ShiftRightArithmeticVariable(x, (y & Vector128.Create(31)).AsUInt32())
        : Map(x, y, &Right);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> ShiftRight(Vector256<int> x, Vector256<int> y) => Avx2.IsSupported
        ? Avx2.ShiftRightArithmeticVariable(x, (y & Vector256.Create(31)).AsUInt32())
        : Map(x, y, &Right);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> ShiftRight(Vector512<int> x, Vector512<int> y) => Avx512F.IsSupported
        ? Avx512F.ShiftRightArithmeticVariable(x, (y & Vector512.Create(31)).AsUInt32())
        : Vector512.Create(ShiftRight(x.GetLower(), y.GetLower()), ShiftRight(x.GetUpper(), y.GetUpper()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> ShiftRightLogical(Vector128<int> x, Vector128<int> y) => Avx2.IsSupported
        ? Avx2.ShiftRightLogicalVariable(x, (y & Vector128.Create(31)).AsUInt32())
        : Map(x, y, &RightLogical);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> ShiftRightLogical(Vector256<int> x, Vector256<int> y) => Avx2.IsSupported
        ? Avx2.ShiftRightLogicalVariable(x, (y & Vector256.Create(31)).AsUInt32())
        : Map(x, y, &RightLogical);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> ShiftRightLogical(Vector512<int> x, Vector512<int> y) => Avx512F.IsSupported
        ? Avx512F.ShiftRightLogicalVariable(x, (y & Vector512.Create(31)).AsUInt32())
        : Vector512.Create(ShiftRightLogical(x.GetLower(), y.GetLower()), ShiftRightLogical(x.GetUpper(), y.GetUpper()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<long> ShiftLeft(Vector128<long> x, Vector128<long> y) => Avx2.IsSupported
        ? Avx2.ShiftLeftLogicalVariable(x, (y & Vector128.Create(63L)).AsUInt64())
        : Map(x, y, &Left);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<long> ShiftLeft(Vector256<long> x, Vector256<long> y) => Avx2.IsSupported
        ? Avx2.ShiftLeftLogicalVariable(x, (y & Vector256.Create(63L)).AsUInt64())
        : Map(x, y, &Left);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<long> ShiftLeft(Vector512<long> x, Vector512<long> y) => Avx512F.IsSupported
        ? Avx512F.ShiftLeftLogicalVariable(x, (y & Vector512.Create(63L)).AsUInt64())
        : Vector512.Create(ShiftLeft(x.GetLower(), y.GetLower()), ShiftLeft(x.GetUpper(), y.GetUpper()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<long> ShiftRight(Vector128<long> x, Vector128<long> y)
    {
        // What is below zero is shifted as its complement, so that ones come from the left.
        var signs = x >> 63;
        return ShiftRightLogical(x ^ signs, y) ^ signs;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<long> ShiftRight(Vector256<long> x, Vector256<long> y)
    {
        // What is below zero is shifted as its complement, so that ones come from the left.
        var signs = x >> 63;
        return ShiftRightLogical(x ^ signs, y) ^ signs;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<long> ShiftRight(Vector512<long> x, Vector512<long> y)
    {
        // What is below zero is shifted as its complement, so that ones come from the left.
        var signs = x >> 63;
        return ShiftRightLogical(x ^ signs, y) ^ signs;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<long> ShiftRightLogical(Vector128<long> x, Vector128<long> y) => Avx2.IsSupported
        ? Avx2.ShiftRightLogicalVariable(x, (y & Vector128.Create(63L)).AsUInt64())
        : Map(x, y, &RightLogical);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<long> ShiftRightLogical(Vector256<long> x, Vector256<long> y) => Avx2.IsSupported
        ? Avx2.ShiftRightLogicalVariable(x, (y & Vector256.Create(63L)).AsUInt64())
        : Map(x, y, &RightLogical);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<long> ShiftRightLogical(Vector512<long> x, Vector512<long> y) => Avx512F.IsSupported
        ? Avx512F.ShiftRightLogicalVariable(x, (y & Vector512.Create(63L)).AsUInt64())
        : Vector512.Create(ShiftRightLogical(x.GetLower(), y.GetLower()), ShiftRightLogical(x.GetUpper(), y.GetUpper()));

    private static int Left(int x, int y) => x << y;

    private static long Left(long x, long y) => x << (int)y;

    private static int Right(int x, int y) => x >> y;

    private static long Right(long x, long y) => x >> (int)y;

    private static int RightLogical(int x, int y) => x >>> y;

    private static long RightLogical(long x, long y) => x >>> (int)y;
}
