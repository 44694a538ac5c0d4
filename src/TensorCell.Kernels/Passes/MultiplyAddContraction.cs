using TensorCell.Kernels.Ir;

namespace TensorCell.Kernels.Passes;

/// <summary>
/// Contracts a product that is only added to, or subtracted from, into one operation with one rounding. A product with other uses is computed
/// anyway, and its uses should not differ.
/// </summary>
internal sealed class MultiplyAddContraction
{
    private readonly Dictionary<Node, int> uses = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<Node, Node> rewritten = new(ReferenceEqualityComparer.Instance);

    public static Node[] Contract(IReadOnlyList<Node> results)
    {
        var contraction = new MultiplyAddContraction();
        var order = NodeOrder.Of(results);
        contraction.CountUses(order, results);
        var operands = new Node[3];
        foreach (var node in order)
        {
            for (var i = 0; i < node.OperandCount; i++)
            {
                operands[i] = contraction.rewritten[node.Operand(i)];
            }

            contraction.rewritten[node] = contraction.Contract(node) ?? node.With(operands.AsSpan(0, node.OperandCount));
        }

        return [.. results.Select(result => contraction.rewritten[result])];
    }

    private void CountUses(List<Node> order, IReadOnlyList<Node> results)
    {
        foreach (var used in order.SelectMany(node => Enumerable.Range(0, node.OperandCount).Select(node.Operand)).Concat(results))
        {
            uses[used] = uses.GetValueOrDefault(used) + 1;
        }
    }

    private Node? Contract(Node node) => node is not BinaryNode { Type.IsFloatingPoint: true } sum ? null : sum.Operation switch
    {
        BinaryOperation.Add when Product(sum.Left) is { } product => MultiplyAdd(product, rewritten[sum.Right]),
        BinaryOperation.Add when Product(sum.Right) is { } product => MultiplyAdd(product, rewritten[sum.Left]),
        BinaryOperation.Subtract when Product(sum.Left) is { } product => MultiplyAdd(product, Negated(rewritten[sum.Right])),
        BinaryOperation.Subtract when Product(sum.Right) is { } product => Node.FusedMultiplyAdd(
            Negated(rewritten[product.Left]), rewritten[product.Right], rewritten[sum.Left]),
        _ => null,
    };

    private Node MultiplyAdd(BinaryNode product, Node addend) =>
        Node.FusedMultiplyAdd(rewritten[product.Left], rewritten[product.Right], addend);

    private static Node Negated(Node value) => Node.Unary(UnaryOperation.Negate, value);

    private BinaryNode? Product(Node node) =>
        node is BinaryNode { Operation: BinaryOperation.Multiply } product && uses[product] == 1 ? product : null;
}
