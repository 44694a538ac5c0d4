using TensorCell.Kernels.Ir;

namespace TensorCell.Kernels.Passes;

/// <summary>Rebuilds a graph from its inputs to its results.</summary>
internal static class GraphRewriter
{
    /// <summary>The results with every node, its operands already rewritten, replaced by what <paramref name="replace"/> returns for it.</summary>
    public static Node[] Rewrite(IReadOnlyList<Node> results, Func<Node, Node> replace)
    {
        var rewritten = new Dictionary<Node, Node>(ReferenceEqualityComparer.Instance);
        var operands = new Node[3];
        foreach (var node in NodeOrder.Of(results))
        {
            var changed = false;
            for (var i = 0; i < node.OperandCount; i++)
            {
                operands[i] = rewritten[node.Operand(i)];
                changed |= operands[i] != node.Operand(i);
            }

            rewritten[node] = replace(changed ? node.With(operands.AsSpan(0, node.OperandCount)) : node);
        }

        return [.. results.Select(result => rewritten[result])];
    }
}
