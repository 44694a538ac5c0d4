using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace TensorCell.Kernels;

/// <summary>Takes the elements of two vectors in turn, in every 128 bits by themselves.</summary>
internal static class Interleaving
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Low(Vector128<float> left, Vector128<float> right) =>
        Sse.IsSupported ? Sse.UnpackLow(left, right)
        : AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.ZipLow(left, right)
        : Vector128.Create(left[0], right[0], left[1], right[1]);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> High(Vector128<float> left, Vector128<float> right) =>
        Sse.IsSupported ? Sse.UnpackHigh(left, right)
        : AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.ZipHigh(left, right)
        : Vector128.Create(left[2], right[2], left[3], right[3]);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<double> Low(Vector128<double> left, Vector128<double> right) =>
        Sse2.IsSupported ? Sse2.UnpackLow(left, right)
        : AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.ZipLow(left, right)
        : Vector128.Create(left[0], right[0]);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<double> High(Vector128<double> left, Vector128<double> right) =>
        Sse2.IsSupported ? Sse2.UnpackHigh(left, right)
        : AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.ZipHigh(left, right)
        : Vector128.Create(left[1], right[1]);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Low(Vector256<float> left, Vector256<float> right) =>
        Avx.IsSupported ? Avx.UnpackLow(left, right)
        : Vector256.Create(Low(left.GetLower(), right.GetLower()), Low(left.GetUpper(), right.GetUpper()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> High(Vector256<float> left, Vector256<float> right) =>
        Avx.IsSupported ? Avx.UnpackHigh(left, right)
        : Vector256.Create(High(left.GetLower(), right.GetLower()), High(left.GetUpper(), right.GetUpper()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> Low(Vector256<double> left, Vector256<double> right) =>
        Avx.IsSupported ? Avx.UnpackLow(left, right)
        : Vector256.Create(Low(left.GetLower(), right.GetLower()), Low(left.GetUpper(), right.GetUpper()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> High(Vector256<double> left, Vector256<double> right) =>
        Avx.IsSupported ? Avx.UnpackHigh(left, right)
        : Vector256.Create(High(left.GetLower(), right.GetLower()), High(left.GetUpper(), right.GetUpper()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Low(Vector512<float> left, Vector512<float> right) =>
        Avx512F.IsSupported ? Avx512F.UnpackLow(left, right)
        : Vector512.Create(Low(left.GetLower(), right.GetLower()), Low(left.GetUpper(), right.GetUpper()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> High(Vector512<float> left, Vector512<float> right) =>
        Avx512F.IsSupported ? Avx512F.UnpackHigh(left, right)
        : Vector512.Create(High(left.GetLower(), right.GetLower()), High(left.GetUpper(), right.GetUpper()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> Low(Vector512<double> left, Vector512<double> right) =>
        Avx512F.IsSupported ? Avx512F.UnpackLow(left, right)
        : Vector512.Create(Low(left.GetLower(), right.GetLower()), Low(left.GetUpper(), right.GetUpper()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> High(Vector512<double> left, Vector512<double> right) =>
        Avx512F.IsSupported ? Avx512F.UnpackHigh(left, right)
        : Vector512.Create(High(left.GetLower(), right.GetLower()), High(left.GetUpper(), right.GetUpper()));
}
