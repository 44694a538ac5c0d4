using TensorCell.Kernels;
using TensorCell.Tensors.LinearAlgebra;

namespace TensorCell.Tensors.Attention;

/// <summary>Where rows of the result go: at once if the keys are in one part, else aside until all parts are there.</summary>
/// <param name="problem">What is computed.</param>
/// <param name="splits">How the keys are cut.</param>
/// <param name="target">Receives the result, row after row.</param>
/// <param name="logSums">Receives the logarithm, to base 2, of each row's sum of powers of two; infinity where a row sees nothing. Null if nobody wants it.</param>
internal sealed unsafe class AttentionOutput<TSimd, TVector, T>(AttentionProblem problem, KeySplits splits, T* target, T* logSums) : IDisposable
    where TSimd : struct, IFusedVector<TVector, T>
    where TVector : struct
    where T : unmanaged
{
    private const int RowsPerTask = 64;

    // The sums of a row's values, the greatest score and the sum of the powers.
    private readonly nint partLength = problem.Width + 2;
    private readonly CpuBuffer? parts = splits.Count == 1
        ? null
        : MatrixMultiply.Allocate(problem.Rows * splits.Count * (problem.Width + 2) * sizeof(T));

    /// <summary>Takes what a row has summed up over one part of the keys.</summary>
    /// <param name="row">Which row of the result.</param>
    /// <param name="part">Which part of the keys.</param>
    /// <param name="sums">Values, summed up by their weights.</param>
    /// <param name="greatest">The greatest score.</param>
    /// <param name="total">The sum of the weights.</param>
    public void Finish(nint row, int part, T* sums, double greatest, double total)
    {
        if (parts is null)
        {
            Write(row, sums, greatest, total);
            return;
        }

        T* place = Part(row, part);
        Buffer.MemoryCopy(sums, place, problem.Width * sizeof(T), problem.Width * sizeof(T));
        place[problem.Width] = Numbers<T>.FromDouble(greatest);
        place[problem.Width + 1] = Numbers<T>.FromDouble(total);
    }

    /// <summary>Joins the parts; to be called when all are there.</summary>
    public void Join()
    {
        if (parts is not null)
        {
            Workers.For((int)BlockSizes.CeilingDivide(problem.Rows, RowsPerTask), task =>
            {
                nint end = Math.Min(problem.Rows, (task + 1) * (nint)RowsPerTask);
                for (nint row = task * (nint)RowsPerTask; row < end; row++)
                {
                    JoinRow(row);
                }
            });
        }
    }

    /// <inheritdoc/>
    public void Dispose() => parts?.Dispose();

    private T* Part(nint row, int part) => (T*)parts!.Address + (((row * splits.Count) + part) * partLength);

    private void JoinRow(nint row)
    {
        double greatest = double.NegativeInfinity;
        for (int part = 0; part < splits.Count; part++)
        {
            greatest = Math.Max(greatest, Numbers<T>.ToDouble(Part(row, part)[problem.Width]));
        }

        T* sums = Part(row, 0);
        double total = 0;
        for (int part = 0; part < splits.Count; part++)
        {
            T* place = Part(row, part);
            double factor = Math.Pow(2, Numbers<T>.ToDouble(place[problem.Width]) - greatest);
            total += factor * Numbers<T>.ToDouble(place[problem.Width + 1]);
            if (part == 0)
            {
                AttentionLoops<TSimd, TVector, T>.Scale(place, 1, problem.Width, factor, sums);
            }
            else
            {
                AttentionLoops<TSimd, TVector, T>.AddScaled(place, problem.Width, factor, sums);
            }
        }

        Write(row, sums, greatest, total);
    }

    private void Write(nint row, T* sums, double greatest, double total)
    {
        T* place = target + (row * problem.Width);
        if (total == 0)
        {
            new Span<T>(place, problem.Width).Clear();
        }
        else
        {
            AttentionLoops<TSimd, TVector, T>.Scale(sums, 1, problem.Width, 1 / total, place);
        }

        if (logSums is not null)
        {
            logSums[row] = Numbers<T>.FromDouble(total == 0 ? double.PositiveInfinity : greatest + Math.Log2(total));
        }
    }
}
