using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using TensorCell.Kernels;

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
            PrefetchFollowing(source, sourceStride, column);
            var a = Vector128.Load(source + column);
            var b = Vector128.Load(source + column + sourceStride);
            var c = Vector128.Load(source + column + (2 * sourceStride));
            var d = Vector128.Load(source + column + (3 * sourceStride));
            var acLow = Interleaving.Low(a, c);
            var acHigh = Interleaving.High(a, c);
            var bdLow = Interleaving.Low(b, d);
            var bdHigh = Interleaving.High(b, d);
            Interleaving.Low(acLow, bdLow).Store(target);
            Interleaving.High(acLow, bdLow).Store(target + targetStride);
            Interleaving.Low(acHigh, bdHigh).Store(target + (2 * targetStride));
            Interleaving.High(acHigh, bdHigh).Store(target + (3 * targetStride));
            target += 4 * targetStride;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run(double* source, nint sourceStride, double* target, nint targetStride, nint columns)
    {
        for (nint column = 0; column < columns; column += 4)
        {
            PrefetchFollowing(source, sourceStride, column);
            if (Avx.IsSupported)
            {
                TransposeBlock(source + column, sourceStride, target, targetStride);
            }
            else
            {
                for (nint pair = 0; pair < 4; pair += 2)
                {
                    TransposePair(source + column + (pair * sourceStride), sourceStride, target + pair, targetStride);
                    TransposePair(source + column + 2 + (pair * sourceStride), sourceStride, target + pair + (2 * targetStride), targetStride);
                }
            }

            target += 4 * targetStride;
        }
    }

    /// <summary>
    /// Asks for the four rows that follow, which mostly come next: in turn, one line of one of them for each block. These are many short
    /// stretches, for which the hardware's own prefetching starts too late.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void PrefetchFollowing<T>(T* source, nint sourceStride, nint column)
        where T : unmanaged
    {
        if (Sse.IsSupported)
        {
            var blocksPerLine = CpuBuffer.Alignment / sizeof(T) / 4;
            var turn = column / 4 % blocksPerLine;
            for (var row = 4 + (turn * 4 / blocksPerLine); row < 4 + ((turn + 1) * 4 / blocksPerLine); row++)
            {
                Sse.Prefetch0(source + (row * sourceStride) + column);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void TransposeBlock(double* source, nint sourceStride, double* target, nint targetStride)
    {
        var a = Vector256.Load(source);
        var b = Vector256.Load(source + sourceStride);
        var c = Vector256.Load(source + (2 * sourceStride));
        var d = Vector256.Load(source + (3 * sourceStride));
        var abEven = Avx.UnpackLow(a, b);
        var abOdd = Avx.UnpackHigh(a, b);
        var cdEven = Avx.UnpackLow(c, d);
        var cdOdd = Avx.UnpackHigh(c, d);
        Avx.Permute2x128(abEven, cdEven, 0x20).Store(target);
        Avx.Permute2x128(abOdd, cdOdd, 0x20).Store(target + targetStride);
        Avx.Permute2x128(abEven, cdEven, 0x31).Store(target + (2 * targetStride));
        Avx.Permute2x128(abOdd, cdOdd, 0x31).Store(target + (3 * targetStride));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void TransposePair(double* source, nint sourceStride, double* target, nint targetStride)
    {
        var a = Vector128.Load(source);
        var b = Vector128.Load(source + sourceStride);
        Interleaving.Low(a, b).Store(target);
        Interleaving.High(a, b).Store(target + targetStride);
    }
}
