namespace TensorCell.Tensors.LinearAlgebra;

/// <summary>
/// Work done on each part of a product while it is still in the nearest cache, such as adding a bias and applying an activation.
/// </summary>
/// <param name="function">
/// Called with <paramref name="context"/>, the part's first row and column and its number of rows and columns; it reads and writes
/// C itself. Parts do not overlap, cover C, and are worked on by several threads at once.
/// </param>
/// <param name="context">Whatever the function needs; alive until the product is done.</param>
public readonly unsafe struct MatrixEpilogue(delegate*<nint, long, long, long, long, void> function, nint context)
{
    private readonly bool isTransposed;
    private readonly long firstRow;

    private MatrixEpilogue(delegate*<nint, long, long, long, long, void> function, nint context, bool isTransposed, long firstRow)
        : this(function, context)
    {
        this.isTransposed = isTransposed;
        this.firstRow = firstRow;
    }

    /// <summary>The same work for a product computed as that of the transposes.</summary>
    internal MatrixEpilogue Transposed => new(function, context, !isTransposed, firstRow);

    /// <summary>The same work for a product whose first row is one of many rows.</summary>
    internal MatrixEpilogue From(long row) => new(function, context, isTransposed, row);

    /// <summary>Does the work on one part, if there is any to do.</summary>
    internal void Run(long row, long column, long rows, long columns)
    {
        if (function is null)
        {
            return;
        }

        if (isTransposed)
        {
            function(context, firstRow + column, row, columns, rows);
        }
        else
        {
            function(context, firstRow + row, column, rows, columns);
        }
    }
}
