using TensorCell.Kernels;
using TensorCell.Tensors.LinearAlgebra;

namespace TensorCell.Tensors.Attention;

/// <summary>
/// Attention of a few queries, as in decoding: keys and values are read once, where they are, so that it is bound by memory. A block of keys is
/// multiplied with all the queries of its group, then a block of values with the weights that follow.
/// </summary>
internal sealed unsafe class RowAttention<TSimd, TVector, T> : IDisposable
    where TSimd : struct, IFusedVector<TVector, T>
    where TVector : struct
    where T : unmanaged
{
    private const int MostRows = 16;
    private const int KeysPerBlock = 128;
    private const int KeysAbreast = 16;
    private const double SerialFlops = 1e6;

    private readonly AttentionProblem problem;
    private readonly AttentionOutput<TSimd, TVector, T> output;
    private readonly KeySplits splits;
    private readonly int rows;
    private readonly nint rowLength;
    private readonly nint scratchLength;

    /// <summary>Prepares to compute.</summary>
    /// <param name="problem">What; it <see cref="Suits"/>.</param>
    /// <param name="target">Receives the result.</param>
    /// <param name="logSums">See <see cref="AttentionOutput{TSimd, TVector, T}"/>.</param>
    public RowAttention(AttentionProblem problem, T* target, T* logSums)
    {
        this.problem = problem;
        rows = (int)problem.GroupRows;
        splits = KeySplits.For(problem.Keys, problem.Groups, KeysPerBlock);
        output = new AttentionOutput<TSimd, TVector, T>(problem, splits, target, logSums);

        // A query, its sums, a block of scores, and of a mask.
        rowLength = BlockSizes.RoundUp(problem.Depth + problem.Width + (2 * KeysPerBlock), CpuBuffer.Alignment / sizeof(T));

        // Rows go in pairs; what a last one without another is paired with is nobody's.
        scratchLength = BlockSizes.RoundUp(rows, 2) * rowLength;
    }

    /// <summary>Whether it is better than to pack the keys.</summary>
    public static bool Suits(AttentionProblem problem) =>
        problem.GroupRows <= MostRows && problem.Key.ColumnStride == 1 && problem.Value.ColumnStride == 1
        && problem.Depth >= TSimd.Count && problem.Width >= TSimd.Count;

    /// <summary>Computes the result.</summary>
    public void Run()
    {
        using CpuBuffer buffer = MatrixMultiply.Allocate(Workers.ThreadCount * scratchLength * sizeof(T));
        T* memory = (T*)buffer.Address;
        int tasks = problem.Groups * splits.Count;
        if (problem.Flops >= SerialFlops)
        {
            Workers.For(tasks, (task, participant) => RunTask(task, memory + (participant * scratchLength)));
        }
        else
        {
            for (int task = 0; task < tasks; task++)
            {
                RunTask(task, memory);
            }
        }

        output.Join();
    }

    /// <inheritdoc/>
    public void Dispose() => output.Dispose();

    private void RunTask(int task, T* memory)
    {
        (int group, int part) = Math.DivRem(task, splits.Count);
        (int batch, int head) = Math.DivRem(group, problem.KeyHeads);
        MatrixOperand keys = problem.Key.At(batch, head);
        MatrixOperand values = problem.Value.At(batch, head);
        T* greatest = stackalloc T[MostRows];
        T* totals = stackalloc T[MostRows];
        for (int row = 0; row < rows; row++)
        {
            greatest[row] = Numbers<T>.Least;
            totals[row] = default;
            AttentionLoops<TSimd, TVector, T>.Scale(problem, group, row, Query(memory, row));
            new Span<T>(Sums(memory, row), problem.Width).Clear();
        }

        for (nint key = splits.First(part); key < splits.End(part); key += KeysPerBlock)
        {
            Interruption.Check();
            nint count = Math.Min(KeysPerBlock, splits.End(part) - key);
            T* valueRows = (T*)values.Address + (key * (nint)values.RowStride);
            T* keyRows = (T*)keys.Address + (key * (nint)keys.RowStride);
            Score(keyRows, (nint)keys.RowStride, count, memory, valueRows, (nint)values.RowStride);
            for (int row = 0; row < rows; row++)
            {
                Weigh(group, row, key, count, memory, ref greatest[row], ref totals[row]);
            }

            SumUp(valueRows, (nint)values.RowStride, count, memory, keyRows + (KeysPerBlock * (nint)keys.RowStride), (nint)keys.RowStride);
        }

        for (int row = 0; row < rows; row++)
        {
            nint target = (group * problem.GroupRows) + row;
            output.Finish(target, part, Sums(memory, row), Numbers<T>.ToDouble(greatest[row]), Numbers<T>.ToDouble(totals[row]));
        }
    }

    private T* Query(T* memory, int row) => memory + (row * rowLength);

    private T* Sums(T* memory, int row) => Query(memory, row) + problem.Depth;

    private T* Scores(T* memory, int row) => Sums(memory, row) + problem.Width;

    // A few keys stay in the nearest cache for all queries.
    private void Score(T* keys, nint stride, nint count, T* memory, T* next, nint nextStride)
    {
        for (nint key = 0; key < count; key += KeysAbreast)
        {
            RowProducts<TSimd, TVector, T>.Prefetch(next + (key * nextStride), nextStride, KeysAbreast, problem.Width);
            // The last few one by one, four times each, of which the last three are written over.
            bool isWhole = key + KeysAbreast <= count;
            for (int row = 0; row < rows; row += 2)
            {
                T* left = Scores(memory, row) + key;
                T* right = Scores(memory, row + 1) + key;
                for (nint step = 0; step < Math.Min(KeysAbreast, count - key); step += isWhole ? RowProducts<TSimd, TVector, T>.Abreast : 1)
                {
                    RowProducts<TSimd, TVector, T>.Dots(
                        Query(memory, row), Query(memory, row + 1), keys + ((key + step) * stride), isWhole ? stride : 0, problem.Depth, left + step, right + step);
                }
            }
        }
    }

    /// <summary>From the scores of a query to its weights.</summary>
    private void Weigh(int group, int row, nint key, nint count, T* memory, ref T greatest, ref T total)
    {
        T* scores = Scores(memory, row);
        T hidden = Numbers<T>.FromDouble(double.NegativeInfinity);
        nint whole = BlockSizes.RoundUp(count, TSimd.Count);
        if (problem.Mask is not null)
        {
            T* mask = scores + KeysPerBlock;
            if (new MaskRows<TSimd, TVector, T>(problem).Read(group, row, key, count, mask).Changes)
            {
                AttentionLoops<TSimd, TVector, T>.Add(scores, mask, whole);
            }
        }

        nint seen = Math.Clamp(problem.Visible(row) - key, 0, count);
        new Span<T>(scores + seen, (int)(whole - seen)).Fill(hidden);
        T factor = OnlineSoftmax<TSimd, TVector, T>.UpdateRow(scores, whole, ref greatest, ref total);
        if (Numbers<T>.ToDouble(factor) != 1)
        {
            AttentionLoops<TSimd, TVector, T>.Scale(Sums(memory, row), 1, problem.Width, Numbers<T>.ToDouble(factor), Sums(memory, row));
        }
    }

    private void SumUp(T* values, nint stride, nint count, T* memory, T* next, nint nextStride)
    {
        nint key = 0;
        for (; key + RowProducts<TSimd, TVector, T>.Abreast <= count; key += RowProducts<TSimd, TVector, T>.Abreast)
        {
            RowProducts<TSimd, TVector, T>.Prefetch(next + (key * nextStride), nextStride, RowProducts<TSimd, TVector, T>.Abreast, problem.Depth);
            for (int row = 0; row < rows; row += 2)
            {
                RowProducts<TSimd, TVector, T>.Add(
                    Sums(memory, row), Sums(memory, row + 1), values + (key * stride), stride, problem.Width, Scores(memory, row) + key, Scores(memory, row + 1) + key);
            }
        }

        for (; key < count; key++)
        {
            for (int row = 0; row < rows; row++)
            {
                AttentionLoops<TSimd, TVector, T>.AddScaled(values + (key * stride), problem.Width, Numbers<T>.ToDouble(Scores(memory, row)[key]), Sums(memory, row));
            }
        }
    }
}
