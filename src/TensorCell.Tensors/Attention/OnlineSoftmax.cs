using System.Runtime.CompilerServices;
using TensorCell.Kernels;
using TensorCell.Tensors.LinearAlgebra;

namespace TensorCell.Tensors.Attention;

/// <summary>
/// Softmax over scores that come block by block (Milakov and Gimelshein 2018): what has been summed up so far is kept relative to the greatest score so far.
/// Scores are in units of ln 2, so that powers of two are taken. Lanes are queries, one step of <c>stride</c> the next key.
/// </summary>
internal static unsafe class OnlineSoftmax<TSimd, TVector, T>
    where TSimd : struct, IFusedVector<TVector, T>
    where TVector : struct
    where T : unmanaged
{
    /// <summary>Takes in another block of scores, for a vector of queries, and replaces them by their powers of two relative to the greatest.</summary>
    /// <param name="scores">The first key's.</param>
    /// <param name="stride">Elements from one key to the next.</param>
    /// <param name="keys">How many keys.</param>
    /// <param name="greatest">The greatest so far; at first the least finite number.</param>
    /// <param name="sum">The sum so far; at first 0.</param>
    /// <param name="factor">Receives what all that was summed up before has to be multiplied by.</param>
    /// <returns>Whether any factor is not 1.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static bool Update(T* scores, nint stride, nint keys, T* greatest, T* sum, T* factor)
    {
        PowerOfTwo<TSimd, TVector, T> power = new();
        TVector before = TSimd.Load(greatest);
        TVector max = Greatest(scores, stride, keys, before);
        TSimd.Store(max, greatest);
        TVector even = TSimd.Zero;
        TVector odd = TSimd.Zero;
        nint key = 0;
        for (; key + 2 <= keys; key += 2)
        {
            TVector first = power.Of(TSimd.Subtract(TSimd.Load(scores), max));
            TVector second = power.Of(TSimd.Subtract(TSimd.Load(scores + stride), max));
            TSimd.Store(first, scores);
            TSimd.Store(second, scores + stride);
            even = TSimd.Add(even, first);
            odd = TSimd.Add(odd, second);
            scores += 2 * stride;
        }

        if (key < keys)
        {
            TVector last = power.Of(TSimd.Subtract(TSimd.Load(scores), max));
            TSimd.Store(last, scores);
            even = TSimd.Add(even, last);
        }

        TVector rescaling = power.Of(TSimd.Subtract(before, max));
        TSimd.Store(rescaling, factor);
        TSimd.Store(TSimd.MultiplyAdd(TSimd.Load(sum), rescaling, TSimd.Add(even, odd)), sum);
        return TSimd.Sum(TSimd.Subtract(TSimd.Fill(1), rescaling)) != 0;
    }

    /// <summary>Takes in another block of scores of one query, side by side, and replaces them by their powers of two relative to the greatest.</summary>
    /// <param name="scores">Whole vectors; where there is no key -∞.</param>
    /// <param name="keys">How many.</param>
    /// <param name="greatest">The greatest so far; at first the least finite number.</param>
    /// <param name="sum">The sum so far; at first 0.</param>
    /// <returns>What all that was summed up before has to be multiplied by.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static T UpdateRow(T* scores, nint keys, ref T greatest, ref T sum)
    {
        PowerOfTwo<TSimd, TVector, T> power = new();
        T* lanes = stackalloc T[TSimd.Count];
        T before = greatest;
        TSimd.Store(Greatest(scores, TSimd.Count, BlockSizes.CeilingDivide(keys, TSimd.Count), TSimd.Broadcast(&before)), lanes);
        T most = lanes[0];
        for (int lane = 1; lane < TSimd.Count; lane++)
        {
            most = Numbers<T>.ToDouble(lanes[lane]) > Numbers<T>.ToDouble(most) ? lanes[lane] : most;
        }

        TVector max = TSimd.Broadcast(&most);
        TVector total = TSimd.Zero;
        for (nint key = 0; key < keys; key += TSimd.Count)
        {
            TVector weights = power.Of(TSimd.Subtract(TSimd.Load(scores + key), max));
            TSimd.Store(weights, scores + key);
            total = TSimd.Add(total, weights);
        }

        TSimd.Store(power.Of(TSimd.Subtract(TSimd.Broadcast(&before), max)), lanes);
        greatest = most;
        sum = Numbers<T>.MultiplyAdd(sum, lanes[0], Numbers<T>.FromDouble(TSimd.Sum(total)));
        return lanes[0];
    }

    /// <summary>Multiplies rows of adjacent lanes by a vector.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Rescale(T* rows, nint stride, nint count, T* factor)
    {
        TVector by = TSimd.Load(factor);
        for (nint row = 0; row < count; row++, rows += stride)
        {
            TSimd.Store(TSimd.Multiply(TSimd.Load(rows), by), rows);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Greatest(T* scores, nint stride, nint keys, TVector before)
    {
        TVector max0 = before, max1 = before, max2 = before, max3 = before;
        nint key = 0;
        for (; key + 4 <= keys; key += 4, scores += 4 * stride)
        {
            max0 = TSimd.Max(max0, TSimd.Load(scores));
            max1 = TSimd.Max(max1, TSimd.Load(scores + stride));
            max2 = TSimd.Max(max2, TSimd.Load(scores + (2 * stride)));
            max3 = TSimd.Max(max3, TSimd.Load(scores + (3 * stride)));
        }

        for (; key < keys; key++, scores += stride)
        {
            max0 = TSimd.Max(max0, TSimd.Load(scores));
        }

        return TSimd.Max(TSimd.Max(max0, max1), TSimd.Max(max2, max3));
    }
}
