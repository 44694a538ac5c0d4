using TensorCell.Kernels.Ir;

namespace TensorCell.Kernels.Passes;

/// <summary>Computes with nodes of a kernel.</summary>
internal sealed class NodeAlgebra : IAlgebra<Node>
{
    private NodeAlgebra()
    {
    }

    /// <inheritdoc/>
    public static Node Constant(Node like, double number) => Node.Constant(like.Type, number);

    /// <inheritdoc/>
    public static Node Unary(UnaryOperation operation, Node value) => Node.Unary(operation, value);

    /// <inheritdoc/>
    public static Node Binary(BinaryOperation operation, Node left, Node right) => Node.Binary(operation, left, right);

    /// <inheritdoc/>
    public static Node Compare(Comparison comparison, Node left, Node right) => Node.Compare(comparison, left, right);

    /// <inheritdoc/>
    public static Node Select(Node condition, Node whenTrue, Node whenFalse) => Node.Select(condition, whenTrue, whenFalse);
}
