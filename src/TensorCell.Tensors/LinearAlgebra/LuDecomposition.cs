using System.Numerics.Tensors;
using TensorCell.Kernels;

namespace TensorCell.Tensors.LinearAlgebra;

/// <summary>
/// A square matrix as the product of a lower triangle with ones on its diagonal and an upper triangle, its rows exchanged so that each pivot is the
/// greatest of its column (Gaussian elimination with partial pivoting: Golub and Van Loan 2013, section 3.4). Panels of columns are eliminated one
/// after the other, so that what is right of a panel is gone over once for all of its columns.
/// </summary>
internal sealed class LuDecomposition
{
    private const int PanelWidth = 32;

    private readonly double[] elements;
    private readonly int side;
    private readonly int[] exchanges;

    /// <summary>Decomposes a matrix.</summary>
    /// <param name="matrix">Its rows, one after the other; left as they are.</param>
    /// <param name="side">The number of rows.</param>
    public LuDecomposition(ReadOnlySpan<double> matrix, int side)
    {
        elements = matrix.ToArray();
        this.side = side;
        exchanges = new int[side];
        for (int panel = 0; panel < side; panel += PanelWidth)
        {
            int end = Math.Min(panel + PanelWidth, side);
            EliminatePanel(panel, end);
            EliminateRest(panel, end);
        }
    }

    /// <summary>Whether a column has no pivot, so that the matrix has no inverse.</summary>
    public bool IsSingular { get; private set; }

    /// <summary>The pivots, whose product is the determinant but for the sign.</summary>
    public IEnumerable<double> Pivots => Enumerable.Range(0, side).Select(index => elements[((long)index * side) + index]);

    /// <summary>Whether an odd number of rows was exchanged.</summary>
    public bool IsOdd { get; private set; }

    /// <summary>Replaces the right sides of equations by their solutions.</summary>
    /// <param name="sides">As many rows as the matrix has, of one element for each right side.</param>
    public void Solve(Span<double> sides)
    {
        int width = sides.Length / side;
        for (int row = 0; row < side; row++)
        {
            Exchange(sides, row, exchanges[row], width);
        }

        for (int row = 0; row < side; row++)
        {
            Interruption.Check();
            Subtract(sides, row, 0, row, width);
        }

        for (int row = side - 1; row >= 0; row--)
        {
            Interruption.Check();
            Subtract(sides, row, row + 1, side, width);
            Span<double> solved = sides.Slice(row * width, width);
            TensorPrimitives.Divide(solved, Row(row)[row], solved);
        }
    }

    /// <summary>Subtracts from a right side those of other rows, each as often as the matrix says.</summary>
    private void Subtract(Span<double> sides, int row, int begin, int end, int width)
    {
        Span<double> target = sides.Slice(row * width, width);
        if (width == 1)
        {
            target[0] -= TensorPrimitives.Dot(Row(row)[begin..end], (ReadOnlySpan<double>)sides[begin..end]);
            return;
        }

        for (int other = begin; other < end; other++)
        {
            TensorPrimitives.MultiplyAdd(sides.Slice(other * width, width), -Row(row)[other], target, target);
        }
    }

    private void EliminatePanel(int begin, int end)
    {
        for (int column = begin; column < end; column++)
        {
            int pivot = column;
            for (int row = column + 1; row < side; row++)
            {
                pivot = Math.Abs(Row(row)[column]) > Math.Abs(Row(pivot)[column]) ? row : pivot;
            }

            exchanges[column] = pivot;
            IsOdd ^= pivot != column;
            Exchange(elements, column, pivot, side);
            double divisor = Row(column)[column];
            if (divisor == 0)
            {
                IsSingular = true;
                continue;
            }

            for (int row = column + 1; row < side; row++)
            {
                Span<double> changed = Row(row);
                double share = changed[column] /= divisor;
                TensorPrimitives.MultiplyAdd(Row(column)[(column + 1)..end], -share, changed[(column + 1)..end], changed[(column + 1)..end]);
            }
        }
    }

    private void EliminateRest(int begin, int end)
    {
        if (end == side)
        {
            return;
        }

        for (int row = begin + 1; row < end; row++)
        {
            SubtractRest(row, begin, row, end);
        }

        const int rowsPerTask = 16;
        Workers.For((side - end + rowsPerTask - 1) / rowsPerTask, task =>
        {
            for (int row = end + (task * rowsPerTask); row < Math.Min(end + ((task + 1) * rowsPerTask), side); row++)
            {
                SubtractRest(row, begin, end, end);
            }
        });
    }

    private void SubtractRest(int row, int begin, int end, int firstColumn)
    {
        Span<double> changed = Row(row)[firstColumn..];
        for (int other = begin; other < end; other++)
        {
            TensorPrimitives.MultiplyAdd(Row(other)[firstColumn..], -Row(row)[other], changed, changed);
        }
    }

    private Span<double> Row(int row) => elements.AsSpan(row * side, side);

    private static void Exchange(Span<double> rows, int first, int second, int width)
    {
        for (int column = 0; column < width && first != second; column++)
        {
            (rows[(first * width) + column], rows[(second * width) + column]) = (rows[(second * width) + column], rows[(first * width) + column]);
        }
    }
}
