using TensorCell.Kernels;
using TensorCell.Tensors.LinearAlgebra;

namespace TensorCell.Tensors.Attention;

/// <summary>Brings what the gradient of attention is computed from into the panels that tiles take.</summary>
/// <param name="gradient">What is computed.</param>
/// <param name="sizes">How it is cut.</param>
internal sealed unsafe class AttentionGradientPacking<TSimd, TVector, T>(AttentionGradientProblem gradient, AttentionGradientSizes sizes)
    where TSimd : struct, IFusedVector<TVector, T>
    where TVector : struct
    where T : unmanaged
{
    private readonly AttentionProblem problem = gradient.Attention;

    /// <summary>Packs the queries and the gradients of their results, and reads what is kept of each row.</summary>
    /// <param name="scratch">Receives them.</param>
    /// <param name="group">Which group.</param>
    public void PackRows(in AttentionGradientScratch<T> scratch, int group)
    {
        for (nint row = 0; row < sizes.Rows; row++)
        {
            AttentionLoops<TSimd, TVector, T>.Scale(problem, group, row, scratch.Rows + (row * sizes.Depth));
        }

        PackBoth(scratch.Rows, sizes.Rows, sizes.Depth, scratch.QueriesAcross, scratch.QueriesDown);
        nint firstRow = group * sizes.Rows;
        const int abreast = RowProducts<TSimd, TVector, T>.Abreast;
        T* dots = stackalloc T[2 * abreast];
        for (nint row = 0; row < sizes.Rows; row++)
        {
            T* place = scratch.Rows + (row * sizes.Width);
            MatrixOperand source = problem.RowOf(gradient.Gradient, group, row);
            AttentionLoops<TSimd, TVector, T>.Scale((T*)source.Address, (nint)source.ColumnStride, sizes.Width, 1, place);
            T* result = (T*)gradient.Result + ((firstRow + row) * sizes.Width);
            RowProducts<TSimd, TVector, T>.Dots(place, place, result, 0, sizes.Width, dots, dots + abreast);
            scratch.Means[row] = dots[0];
            scratch.LogSums[row] = ((T*)gradient.LogSums)[firstRow + row];
        }

        PackBoth(scratch.Rows, sizes.Rows, sizes.Width, scratch.GradientsAcross, scratch.GradientsDown);
    }

    /// <summary>Packs keys and values.</summary>
    /// <param name="scratch">Receives them.</param>
    /// <param name="group">Which group.</param>
    /// <param name="first">The first key.</param>
    /// <param name="count">How many.</param>
    public void PackKeys(in AttentionGradientScratch<T> scratch, int group, nint first, nint count)
    {
        (int batch, int head) = Math.DivRem(group, problem.KeyHeads);
        MatrixOperand keys = problem.Key.At(batch, head);
        MatrixOperand values = problem.Value.At(batch, head);
        keys = keys.Offset(first * keys.RowStride, sizeof(T));
        values = values.Offset(first * values.RowStride, sizeof(T));
        PackAcross(keys, count, sizes.Depth, sizes.Columns, scratch.KeysAcross);
        PackAcross(values, count, sizes.Width, sizes.Columns, scratch.ValuesAcross);
        PackAcross(keys.Transposed, sizes.Depth, count, sizes.Columns, scratch.KeysDown);
    }

    /// <summary>Writes what a block of keys has summed up, of which an element of each lies side by side, row after row.</summary>
    /// <param name="sums">What it has summed up, panel after panel.</param>
    /// <param name="length">Elements of a key or value.</param>
    /// <param name="keys">How many keys.</param>
    /// <param name="factor">What they are multiplied by.</param>
    /// <param name="target">Receives the rows of all keys of all groups; null if nobody wants them.</param>
    /// <param name="place">Which row is the first key's.</param>
    public void Unpack(T* sums, nint length, nint keys, double factor, T* target, nint place)
    {
        if (target is null || length == 0)
        {
            return;
        }

        for (nint panel = 0; panel < keys; panel += sizes.Columns)
        {
            T* rows = target + ((place + panel) * length);
            nint here = Math.Min(sizes.Columns, keys - panel);
            Packing<T>.Pack(sums + (panel * length), sizes.Columns, 1, length, (int)length, here, rows, 0);
            if (factor != 1)
            {
                AttentionLoops<TSimd, TVector, T>.Scale(rows, 1, here * length, factor, rows);
            }
        }
    }

    private void PackBoth(T* rows, nint count, nint length, T* across, T* down)
    {
        MatrixOperand matrix = new((nint)rows, length, 1);
        PackAcross(matrix, count, length, sizes.TileRows, across);
        PackAcross(matrix.Transposed, length, count, sizes.TileRows, down);
    }

    /// <summary>Packs all rows of a matrix side by side.</summary>
    private static void PackAcross(MatrixOperand matrix, nint rows, nint depth, int panelWidth, T* target) => Packing<T>.Pack(
        (T*)matrix.Address, (nint)matrix.RowStride, (nint)matrix.ColumnStride, rows, panelWidth, depth, target, panelWidth * depth);
}
