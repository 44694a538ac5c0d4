namespace TensorCell.Kernels.Ir;

/// <summary>Walks a graph so that each node comes once, after its operands; iterative, so that depth costs no stack.</summary>
internal static class NodeOrder
{
    public static List<Node> Of(IReadOnlyList<Node> results)
    {
        var order = new List<Node>();
        var seen = new HashSet<Node>(ReferenceEqualityComparer.Instance);
        var pending = new Stack<(Node Node, int Next)>();
        foreach (var result in results)
        {
            if (seen.Add(result))
            {
                pending.Push((result, 0));
            }

            while (pending.TryPop(out var top))
            {
                if (top.Next == top.Node.OperandCount)
                {
                    order.Add(top.Node);
                    continue;
                }

                pending.Push((top.Node, top.Next + 1));
                var operand = top.Node.Operand(top.Next);
                if (seen.Add(operand))
                {
                    pending.Push((operand, 0));
                }
            }
        }

        return order;
    }
}
