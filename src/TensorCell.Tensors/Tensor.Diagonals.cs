using TensorCell.Kernels;
using TensorCell.Tensors.Autograd;
using TensorCell.Tensors.Graph;

namespace TensorCell.Tensors;

// Diagonals and triangles of matrices.
public sealed partial class Tensor
{
    /// <summary>The lower triangle of each matrix [… , m, n], zero above.</summary>
    /// <param name="offset">The last diagonal that stays: 0 the main one, 1 the one above it, -1 the one below.</param>
    public Tensor Tril(int offset = 0) => Triangle("tril", offset, isLower: true);

    /// <summary>The upper triangle of each matrix [… , m, n], zero below.</summary>
    /// <param name="offset">The first diagonal that stays: 0 the main one, 1 the one above it, -1 the one below.</param>
    public Tensor Triu(int offset = 0) => Triangle("triu", offset, isLower: false);

    /// <summary>The elements at equal indices of two axes, along a new last axis that takes the place of both. A view.</summary>
    /// <param name="offset">How far to the right of the main diagonal; negative below it.</param>
    /// <param name="first">The axis of rows.</param>
    /// <param name="second">The axis of columns.</param>
    public Tensor Diagonal(int offset = 0, int first = 0, int second = 1)
    {
        if (Rank < 2)
        {
            Throw.Argument($"diagonal: shape {Shape} has {Rank} axes; it takes two (to put a vector on a diagonal, use Diag)");
        }

        int rows = Shape.Axis("diagonal", first);
        int columns = Shape.Axis("diagonal", second);
        if (rows == columns)
        {
            Throw.Argument($"diagonal: both axes are {rows}; name two");
        }

        Tensor result = new(this, Of(Layout));
        return Tape.Keeps(this) ? RearrangingRules.Part(result, "diagonal", this, (offset, rows, columns), Of) : result;

        Layout Of(Layout layout) => DiagonalOf(layout, offset, rows, columns);
    }

    /// <summary>A matrix that has this vector on a diagonal and zeros elsewhere; or, of a matrix, its diagonal, as a view.</summary>
    /// <param name="offset">How far to the right of the main diagonal; negative below it.</param>
    public Tensor Diag(int offset = 0)
    {
        if (Rank == 2)
        {
            return Diagonal(offset);
        }

        if (Rank != 1)
        {
            Throw.Argument($"diag: shape {Shape} has {Rank} axes; it takes a vector or a matrix (of more axes see Diagonal, to put all elements on a diagonal Diagflat)");
        }

        int side = Shape.Length("diag", Shape[0] + Math.Abs((long)offset));
        Shape shape = Shape.Of(side, side);
        Layout place = DiagonalOf(Layout.Of(shape), offset, 0, 1);
        Tensor result = Pending(new EmbedOperation(place, As(Shape)), shape, DType);
        return Tape.Keeps(this) ? RearrangingRules.Diagonal(result, this, offset) : result;
    }

    /// <summary>A matrix that has all elements, in row-major order, on a diagonal and zeros elsewhere.</summary>
    /// <inheritdoc cref="Diag"/>
    public Tensor Diagflat(int offset = 0) => Flatten().Diag(offset);

    private Tensor Triangle(string operation, int offset, bool isLower)
    {
        if (Rank < 2)
        {
            Throw.Argument($"{operation}: shape {Shape} has {Rank} axes; it takes matrices, along the last two");
        }

        Tensor rows = Arange(Shape[-2], DType.Int32).Unsqueeze(1) + Math.Clamp(offset, -Shape[-2], Shape[-1]);
        Tensor columns = Arange(Shape[-1], DType.Int32);
        Tensor isKept = isLower ? rows >= columns : rows <= columns;
        return Where(isKept.To(Device), this, Zeros(default, DType));
    }

    private static Layout DiagonalOf(Layout layout, int offset, int rows, int columns)
    {
        long right = Math.Max(offset, 0);
        long down = Math.Max(-(long)offset, 0);
        long length = Math.Clamp(Math.Min(layout.Shape[rows] - down, layout.Shape[columns] - right), 0, int.MaxValue);
        Layout others = layout.Without([rows, columns]);
        long start = length == 0 ? 0 : (down * layout.Strides[rows]) + (right * layout.Strides[columns]);
        return new Layout(
            Shape.Adopt([.. others.Shape, (int)length]),
            [.. others.Strides, layout.Strides[rows] + layout.Strides[columns]],
            layout.Offset + start);
    }
}
