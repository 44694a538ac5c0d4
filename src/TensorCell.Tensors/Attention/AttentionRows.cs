using System.Runtime.CompilerServices;
using TensorCell.Kernels;
using TensorCell.Tensors.LinearAlgebra;

namespace TensorCell.Tensors.Attention;

/// <summary>The smaller loops of attention.</summary>
internal static unsafe class AttentionRows<TSimd, TVector, T>
    where TSimd : struct, IFusedVector<TVector, T>
    where TVector : struct
    where T : unmanaged
{
    private static readonly double log2OfE = 1 / Math.Log(2);

    /// <summary>Writes the query of a row, times what makes its products with keys scores in units of ln 2.</summary>
    public static void Scale(AttentionProblem problem, int group, nint row, T* target)
    {
        (int batch, int head) = Math.DivRem(group, problem.KeyHeads);
        (nint inGroup, nint query) = Math.DivRem(row, (nint)problem.Queries);
        MatrixOperand matrix = problem.Query.At(batch, (head * problem.GroupHeads) + (int)inGroup);
        Scale((T*)matrix.Address + (query * (nint)matrix.RowStride), (nint)matrix.ColumnStride, problem.Depth, problem.Scale * log2OfE, target);
    }

    /// <summary>Adds numbers to numbers.</summary>
    /// <param name="sums">Changed in place.</param>
    /// <param name="addends">What is added.</param>
    /// <param name="count">How many: whole vectors.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Add(T* sums, T* addends, nint count)
    {
        for (nint index = 0; index < count; index += TSimd.Count)
        {
            TSimd.Store(TSimd.Add(TSimd.Load(sums + index), TSimd.Load(addends + index)), sums + index);
        }
    }

    /// <summary>Replaces by -∞ the scores of keys from a vector of limits on.</summary>
    /// <param name="scores">The first key's, one lane for each row.</param>
    /// <param name="stride">Elements from one key to the next.</param>
    /// <param name="first">Every row sees the keys before this one.</param>
    /// <param name="keys">How many keys.</param>
    /// <param name="limits">How many keys each row sees.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Hide(T* scores, nint stride, nint first, nint keys, T* limits)
    {
        TVector limit = TSimd.Load(limits);
        TVector hidden = TSimd.Fill(double.NegativeInfinity);
        TVector one = TSimd.Fill(1);
        TVector number = TSimd.Fill(first);
        for (nint key = first; key < keys; key++)
        {
            T* place = scores + (key * stride);
            TSimd.Store(TSimd.WhereLess(number, limit, TSimd.Load(place), hidden), place);
            number = TSimd.Add(number, one);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Scale(T* source, nint stride, nint count, double factor, T* target)
    {
        nint index = 0;
        if (stride == 1)
        {
            TVector factors = TSimd.Fill(factor);
            for (; index + TSimd.Count <= count; index += TSimd.Count)
            {
                TSimd.Store(TSimd.Multiply(TSimd.Load(source + index), factors), target + index);
            }
        }

        T single = Numbers<T>.FromDouble(factor);
        for (; index < count; index++)
        {
            target[index] = Numbers<T>.MultiplyAdd(source[index * stride], single, default);
        }
    }
}
