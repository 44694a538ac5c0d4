using TensorCell.Kernels;
using TensorCell.Tensors.LinearAlgebra;

namespace TensorCell.Tensors.Attention;

/// <summary>
/// An attention to compute. The heads of queries that share a head of keys, in one element of the batch, are a group; the queries of a group are its
/// rows, head after head, so that row <c>r</c> of group <c>g</c> is row <c>g * GroupRows + r</c> of the result.
/// </summary>
/// <param name="DType">f32 or f64: the type of everything but a bool mask.</param>
/// <param name="Query">[batch…, heads, m, d].</param>
/// <param name="Key">[batch…, keyHeads, n, d].</param>
/// <param name="Value">[batch…, keyHeads, n, e].</param>
/// <param name="Mask">[batch…, heads, m, n], of bool or of the type; null for none.</param>
/// <param name="IsCausal">Whether query i sees keys up to n - m + i only.</param>
/// <param name="Scale">What the products of queries and keys are multiplied by.</param>
internal sealed record AttentionProblem(
    DType DType, MatrixStack Query, MatrixStack Key, MatrixStack Value, MatrixStack? Mask, bool IsCausal, double Scale)
{
    /// <summary>Heads of queries.</summary>
    public int Heads { get; } = Query.Layout.Shape[-3];

    /// <summary>Heads of keys and values.</summary>
    public int KeyHeads { get; } = Key.Layout.Shape[-3];

    /// <summary>Queries of each head.</summary>
    public int Queries { get; } = Query.Layout.Shape[-2];

    /// <summary>Keys of each head.</summary>
    public int Keys { get; } = Key.Layout.Shape[-2];

    /// <summary>Elements of a query and of a key.</summary>
    public int Depth { get; } = Query.Layout.Shape[-1];

    /// <summary>Elements of a value.</summary>
    public int Width { get; } = Value.Layout.Shape[-1];

    /// <summary>Elements of the batch.</summary>
    public int Batches { get; } = BatchCount(Query.Layout.Shape);

    /// <summary>Heads of queries for each head of keys.</summary>
    public int GroupHeads { get; } = Query.Layout.Shape[-3] / Key.Layout.Shape[-3];

    /// <summary>How many groups there are.</summary>
    public int Groups => Batches * KeyHeads;

    /// <summary>Rows of a group.</summary>
    public nint GroupRows => (nint)GroupHeads * Queries;

    /// <summary>Rows of the result.</summary>
    public nint Rows => GroupRows * Groups;

    /// <summary>The shapes, for the trace.</summary>
    public string Text => $"{Batches} x {Heads} x [{Queries}, {Depth}] x [{Keys}, {Width}] {DType.Name}";

    /// <summary>Multiplications and additions of the products; those that causality spares are not counted.</summary>
    public double Flops => 2.0 * Batches * Heads * VisiblePairs * (Depth + Width);

    private double VisiblePairs
    {
        get
        {
            // Of the last queries, as many as there are keys, each sees one more than the one before it.
            double triangle = Math.Min(Queries, Keys);
            double before = Keys - triangle;
            return IsCausal ? (triangle * (triangle + 1) / 2) + (triangle * before) : (double)Queries * Keys;
        }
    }

    /// <summary>How many keys, from the first on, the query of a row may see.</summary>
    public nint Visible(nint row) => IsCausal ? Math.Max(0, Keys - Queries + (row % Queries) + 1) : Keys;

    /// <summary>A row of a group, in a stack of matrices as the queries are.</summary>
    public MatrixOperand RowOf(MatrixStack stack, int group, nint row)
    {
        (int batch, int head) = Math.DivRem(group, KeyHeads);
        (nint inGroup, nint query) = Math.DivRem(row, (nint)Queries);
        MatrixOperand matrix = stack.At(batch, (head * GroupHeads) + (int)inGroup);
        return matrix.Offset(query * matrix.RowStride, stack.ElementSize);
    }

    private static int BatchCount(Shape shape)
    {
        int count = 1;
        for (int axis = 0; axis < shape.Rank - 3; axis++)
        {
            count = checked(count * shape[axis]);
        }

        return count;
    }
}
