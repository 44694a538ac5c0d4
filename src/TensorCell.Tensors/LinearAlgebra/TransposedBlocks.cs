using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace TensorCell.Tensors.LinearAlgebra;

/// <summary>Transposes strips four rows high, in blocks of four by four elements that stay in registers.</summary>
internal static unsafe class TransposedBlocks
{
    /// <summary>Writes <c>target[column * targetStride + row] = source[row * sourceStride + column]</c> for four rows.</summary>
    /// <param name="source">First element of the four rows.</param>
    /// <param name="sourceStride">Elements from one row to the next.</param>
    /// <param name="target">Receives four adjacent elements for each column.</param>
    /// <param name="targetStride">Elements from the four of one column to those of the next.</param>
    /// <param name="columns">How many columns: a multiple of four.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Run<T>(T* source, nint sourceStride, T* target, nint targetStride, nint columns)
        where T : unmanaged
    {
        if (sizeof(T) == 4)
        {
            Run((float*)source, sourceStride, (float*)target, targetStride, columns);
        }
        else
        {
            Run((double*)source, sourceStride, (double*)target, targetStride, columns);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run(float* source, nint sourceStride, float* target, nint targetStride, nint columns)
    {
        for (nint column = 0; column < columns; column += 4)
        {
            var a = Vector128.Load(source + column);
            var b = Vector128.Load(source + column + sourceStride);
            var c = Vector128.Load(source + column + (2 * sourceStride));
            var d = Vector128.Load(source + column + (3 * sourceStride));
            var acLow = InterleaveLow(a, c);
            var acHigh = InterleaveHigh(a, c);
            var bdLow = InterleaveLow(b, d);
            var bdHigh = InterleaveHigh(b, d);
            InterleaveLow(acLow, bdLow).Store(target);
            InterleaveHigh(acLow, bdLow).Store(target + targetStride);
            InterleaveLow(acHigh, bdHigh).Store(target + (2 * targetStride));
            InterleaveHigh(acHigh, bdHigh).Store(target + (3 * targetStride));
            target += 4 * targetStride;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run(double* source, nint sourceStride, double* target, nint targetStride, nint columns)
    {
        for (nint column = 0; column < columns; column += 2)
        {
            for (nint pair = 0; pair < 4; pair += 2)
            {
                var a = Vector128.Load(source + column + (pair * sourceStride));
                var b = Vector128.Load(source + column + ((pair + 1) * sourceStride));
                InterleaveLow(a, b).Store(target + pair);
                InterleaveHigh(a, b).Store(target + pair + targetStride);
            }

            target += 2 * targetStride;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> InterleaveLow(Vector128<float> a, Vector128<float> b) =>
        Sse.IsSupported ? Sse.UnpackLow(a, b)
        : AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.ZipLow(a, b)
        : Vector128.Create(a[0], b[0], a[1], b[1]);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> InterleaveHigh(Vector128<float> a, Vector128<float> b) =>
        Sse.IsSupported ? Sse.UnpackHigh(a, b)
        : AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.ZipHigh(a, b)
        : Vector128.Create(a[2], b[2], a[3], b[3]);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<double> InterleaveLow(Vector128<double> a, Vector128<double> b) =>
        Vector128.Create(a.GetLower(), b.GetLower());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<double> InterleaveHigh(Vector128<double> a, Vector128<double> b) =>
        Vector128.Create(a.GetUpper(), b.GetUpper());
}
