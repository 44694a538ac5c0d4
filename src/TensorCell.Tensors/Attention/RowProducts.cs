using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using TensorCell.Kernels;
using TensorCell.Tensors.LinearAlgebra;

namespace TensorCell.Tensors.Attention;

/// <summary>Products of two rows with four others at a time, all where they are.</summary>
internal static unsafe class RowProducts<TSimd, TVector, T>
    where TSimd : struct, IFusedVector<TVector, T>
    where TVector : struct
    where T : unmanaged
{
    /// <summary>How many others.</summary>
    public const int Abreast = 4;

    /// <summary>The dot products of two rows with four others.</summary>
    /// <param name="left">One row; receives its products in <paramref name="leftDots"/>.</param>
    /// <param name="right">The other; receives its products in <paramref name="rightDots"/>.</param>
    /// <param name="others">The first of the others.</param>
    /// <param name="stride">Elements from one of the others to the next.</param>
    /// <param name="count">Elements of a row.</param>
    /// <param name="leftDots">Receives four numbers.</param>
    /// <param name="rightDots">Receives four numbers.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Dots(T* left, T* right, T* others, nint stride, nint count, T* leftDots, T* rightDots)
    {
        TVector left0 = TSimd.Zero, left1 = TSimd.Zero, left2 = TSimd.Zero, left3 = TSimd.Zero;
        TVector right0 = TSimd.Zero, right1 = TSimd.Zero, right2 = TSimd.Zero, right3 = TSimd.Zero;
        T* second = others + stride;
        T* third = second + stride;
        T* fourth = third + stride;
        nint index = 0;
        for (; index + TSimd.Count <= count; index += TSimd.Count)
        {
            TVector ofLeft = TSimd.Load(left + index);
            TVector ofRight = TSimd.Load(right + index);
            TVector other = TSimd.Load(others + index);
            left0 = TSimd.MultiplyAdd(ofLeft, other, left0);
            right0 = TSimd.MultiplyAdd(ofRight, other, right0);
            other = TSimd.Load(second + index);
            left1 = TSimd.MultiplyAdd(ofLeft, other, left1);
            right1 = TSimd.MultiplyAdd(ofRight, other, right1);
            other = TSimd.Load(third + index);
            left2 = TSimd.MultiplyAdd(ofLeft, other, left2);
            right2 = TSimd.MultiplyAdd(ofRight, other, right2);
            other = TSimd.Load(fourth + index);
            left3 = TSimd.MultiplyAdd(ofLeft, other, left3);
            right3 = TSimd.MultiplyAdd(ofRight, other, right3);
        }

        TSimd.StoreSums(left0, left1, left2, left3, leftDots);
        TSimd.StoreSums(right0, right1, right2, right3, rightDots);
        for (; index < count; index++)
        {
            for (int other = 0; other < Abreast; other++)
            {
                T element = others[(other * stride) + index];
                leftDots[other] = Numbers<T>.MultiplyAdd(left[index], element, leftDots[other]);
                rightDots[other] = Numbers<T>.MultiplyAdd(right[index], element, rightDots[other]);
            }
        }
    }

    /// <summary>Adds to two rows four others, each times a factor.</summary>
    /// <param name="left">One row.</param>
    /// <param name="right">The other; may be the same, and then must have factors of 0.</param>
    /// <param name="others">The first of the others.</param>
    /// <param name="stride">Elements from one of the others to the next.</param>
    /// <param name="count">Elements of a row.</param>
    /// <param name="leftFactors">Four factors for one row.</param>
    /// <param name="rightFactors">Four for the other.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Add(T* left, T* right, T* others, nint stride, nint count, T* leftFactors, T* rightFactors)
    {
        TVector left0 = TSimd.Broadcast(leftFactors), left1 = TSimd.Broadcast(leftFactors + 1);
        TVector left2 = TSimd.Broadcast(leftFactors + 2), left3 = TSimd.Broadcast(leftFactors + 3);
        TVector right0 = TSimd.Broadcast(rightFactors), right1 = TSimd.Broadcast(rightFactors + 1);
        TVector right2 = TSimd.Broadcast(rightFactors + 2), right3 = TSimd.Broadcast(rightFactors + 3);
        T* second = others + stride;
        T* third = second + stride;
        T* fourth = third + stride;
        nint index = 0;
        for (; index + TSimd.Count <= count; index += TSimd.Count)
        {
            TVector other = TSimd.Load(others + index);
            TVector ofLeft = TSimd.MultiplyAdd(left0, other, TSimd.Load(left + index));
            TVector ofRight = TSimd.MultiplyAdd(right0, other, TSimd.Load(right + index));
            other = TSimd.Load(second + index);
            ofLeft = TSimd.MultiplyAdd(left1, other, ofLeft);
            ofRight = TSimd.MultiplyAdd(right1, other, ofRight);
            other = TSimd.Load(third + index);
            ofLeft = TSimd.MultiplyAdd(left2, other, ofLeft);
            ofRight = TSimd.MultiplyAdd(right2, other, ofRight);
            other = TSimd.Load(fourth + index);
            TSimd.Store(TSimd.MultiplyAdd(right3, other, ofRight), right + index);
            TSimd.Store(TSimd.MultiplyAdd(left3, other, ofLeft), left + index);
        }

        for (; index < count; index++)
        {
            for (int other = 0; other < Abreast; other++)
            {
                T element = others[(other * stride) + index];
                right[index] = Numbers<T>.MultiplyAdd(rightFactors[other], element, right[index]);
                left[index] = Numbers<T>.MultiplyAdd(leftFactors[other], element, left[index]);
            }
        }
    }

    /// <summary>Asks for rows that are read next; those beyond the last do no harm.</summary>
    /// <param name="rows">The first.</param>
    /// <param name="stride">Elements from one to the next.</param>
    /// <param name="count">How many.</param>
    /// <param name="length">Elements of each.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Prefetch(T* rows, nint stride, nint count, nint length)
    {
        if (!Sse.IsSupported)
        {
            return;
        }

        for (nint row = 0; row < count; row++, rows += stride)
        {
            for (nint element = 0; element < length; element += CpuBuffer.Alignment / sizeof(T))
            {
                Sse.Prefetch1(rows + element);
            }
        }
    }
}
