using System.Runtime.CompilerServices;
using TensorCell.Kernels;
using TensorCell.Tensors.LinearAlgebra;

namespace TensorCell.Tensors.Attention;

/// <summary>The loops of attention over numbers side by side.</summary>
internal static unsafe class AttentionLoops<TSimd, TVector, T>
    where TSimd : struct, IFusedVector<TVector, T>
    where TVector : struct
    where T : unmanaged
{
    private static readonly double log2OfE = 1 / Math.Log(2);

    /// <summary>Writes the query of a row, times what makes its products with keys scores in units of ln 2.</summary>
    public static void Scale(AttentionProblem problem, int group, nint row, T* target)
    {
        MatrixOperand source = problem.RowOf(problem.Query, group, row);
        Scale((T*)source.Address, (nint)source.ColumnStride, problem.Depth, problem.Scale * log2OfE, target);
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

    /// <summary>From scores, and gradients of weights, to weights and gradients of scores.</summary>
    /// <param name="scores">Row after row; become weights.</param>
    /// <param name="slopes">Gradients of the weights, likewise; become those of the scores.</param>
    /// <param name="rows">How many rows.</param>
    /// <param name="columns">Elements of a row: whole vectors.</param>
    /// <param name="logSums">Each row's logarithm to base 2 of the sum of its powers of two.</param>
    /// <param name="means">Each row's mean of the gradients of its weights.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Weigh(T* scores, T* slopes, nint rows, nint columns, T* logSums, T* means)
    {
        PowerOfTwo<TSimd, TVector, T> power = new();
        for (nint row = 0; row < rows; row++)
        {
            TVector logSum = TSimd.Broadcast(logSums + row);
            TVector mean = TSimd.Broadcast(means + row);
            for (nint column = 0; column < columns; column += TSimd.Count)
            {
                TVector weight = power.Of(TSimd.Subtract(TSimd.Load(scores), logSum));
                TSimd.Store(weight, scores);
                TSimd.Store(TSimd.Multiply(weight, TSimd.Subtract(TSimd.Load(slopes), mean)), slopes);
                scores += TSimd.Count;
                slopes += TSimd.Count;
            }
        }
    }

    /// <summary>Writes numbers times a factor.</summary>
    /// <param name="source">The first.</param>
    /// <param name="stride">Elements from one to the next.</param>
    /// <param name="count">How many.</param>
    /// <param name="factor">The factor.</param>
    /// <param name="target">Receives them side by side; may be the source.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Scale(T* source, nint stride, nint count, double factor, T* target)
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

    /// <summary>Adds numbers times a factor.</summary>
    /// <param name="source">The first.</param>
    /// <param name="count">How many.</param>
    /// <param name="factor">The factor.</param>
    /// <param name="sums">Changed in place.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void AddScaled(T* source, nint count, double factor, T* sums)
    {
        TVector factors = TSimd.Fill(factor);
        nint index = 0;
        for (; index + TSimd.Count <= count; index += TSimd.Count)
        {
            TSimd.Store(TSimd.MultiplyAdd(TSimd.Load(source + index), factors, TSimd.Load(sums + index)), sums + index);
        }

        for (; index < count; index++)
        {
            sums[index] = Numbers<T>.MultiplyAdd(source[index], Numbers<T>.FromDouble(factor), sums[index]);
        }
    }
}
