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
    private const int MostRows = 8;
    private const int KeysPerBlock = 128;
    private const int KeysAbreast = 16;
    private const double SerialFlops = 1e6;

    private readonly AttentionProblem problem;
    private readonly AttentionOutput<TSimd, TVector, T> output;
    private readonly KeySplits splits;
    private readonly int rows;
    private readonly nint rowLength;

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
    }

    /// <summary>Whether it is better than to pack the keys.</summary>
    public static bool Suits(AttentionProblem problem) =>
        problem.GroupRows <= MostRows && problem.Key.ColumnStride == 1 && problem.Value.ColumnStride == 1;

    /// <summary>Computes the result.</summary>
    public void Run()
    {
        using CpuBuffer buffer = MatrixMultiply.Allocate(Workers.ThreadCount * rows * rowLength * sizeof(T));
        T* memory = (T*)buffer.Address;
        int tasks = problem.Groups * splits.Count;
        if (problem.Flops >= SerialFlops)
        {
            Workers.For(tasks, (task, participant) => RunTask(task, memory + (participant * rows * rowLength)));
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
            AttentionRows<TSimd, TVector, T>.Scale(problem, group, row, Query(memory, row));
            new Span<T>(Sums(memory, row), problem.Width).Clear();
        }

        for (nint key = splits.First(part); key < splits.End(part); key += KeysPerBlock)
        {
            Interruption.Check();
            nint count = Math.Min(KeysPerBlock, splits.End(part) - key);
            Score((T*)keys.Address + (key * (nint)keys.RowStride), (nint)keys.RowStride, count, memory);
            for (int row = 0; row < rows; row++)
            {
                Weigh(group, row, key, count, memory, ref greatest[row], ref totals[row]);
            }

            SumUp((T*)values.Address + (key * (nint)values.RowStride), (nint)values.RowStride, count, memory);
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
    private void Score(T* keys, nint stride, nint count, T* memory)
    {
        for (nint key = 0; key < count; key += KeysAbreast)
        {
            nint here = Math.Min(KeysAbreast, count - key);
            for (int row = 0; row < rows; row++)
            {
                MatrixVector<TSimd, TVector, T>.Dots(
                    keys + (key * stride), stride, Query(memory, row), problem.Depth, Scores(memory, row) + key, 1, here);
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
            new MaskPanels<TSimd, TVector, T>(problem).Read(group, row, key, count, mask);
            AttentionRows<TSimd, TVector, T>.Add(scores, mask, whole);
        }

        nint seen = Math.Clamp(problem.Visible(row) - key, 0, count);
        new Span<T>(scores + seen, (int)(whole - seen)).Fill(hidden);
        T factor = OnlineSoftmax<TSimd, TVector, T>.UpdateRow(scores, whole, ref greatest, ref total);
        if (Numbers<T>.ToDouble(factor) != 1)
        {
            AttentionRows<TSimd, TVector, T>.Scale(Sums(memory, row), 1, problem.Width, Numbers<T>.ToDouble(factor), Sums(memory, row));
        }
    }

    private void SumUp(T* values, nint stride, nint count, T* memory)
    {
        nint key = 0;
        for (; key + 4 <= count; key += 4)
        {
            for (int row = 0; row < rows; row++)
            {
                MatrixVector<TSimd, TVector, T>.AddFourColumns(
                    values + (key * stride), stride, Scores(memory, row) + key, Sums(memory, row), problem.Width);
            }
        }

        for (; key < count; key++)
        {
            for (int row = 0; row < rows; row++)
            {
                MatrixVector<TSimd, TVector, T>.AddColumn(values + (key * stride), Scores(memory, row)[key], Sums(memory, row), problem.Width, 0);
            }
        }
    }
}
