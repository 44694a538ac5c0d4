using System.Text;

namespace TensorCell.Kernels.Ir;

/// <summary>The textual form of a graph: one line per value, each after those it is computed from.</summary>
internal static class NodeText
{
    public static string Of(IReadOnlyList<Node> results)
    {
        var text = new StringBuilder();
        var names = new Dictionary<Node, string>(ReferenceEqualityComparer.Instance);
        foreach (var node in NodeOrder.Of(results))
        {
            var name = node switch
            {
                ParameterNode parameter => $"p{parameter.Index}",
                UniformNode uniform => $"u{uniform.Index}",
                ConstantNode constant => constant.Value.ToString(),
                _ => $"%{names.Count}",
            };
            names.Add(node, name);
            if (node.OperandCount > 0)
            {
                text.Append(name).Append(": ").Append(node.Type.Name).Append(" = ").Append(Operation(node));
                for (var i = 0; i < node.OperandCount; i++)
                {
                    text.Append(i == 0 ? " " : ", ").Append(names[node.Operand(i)]);
                }

                text.Append('\n');
            }
        }

        return text.Append("return ").AppendJoin(", ", results.Select(result => names[result])).ToString();
    }

    internal static string Operation(Node node) => node switch
    {
        UnaryNode unary => unary.Operation.ToString().ToLowerInvariant(),
        BinaryNode binary => binary.Operation.ToString().ToLowerInvariant(),
        CompareNode compare => compare.Comparison.ToString().ToLowerInvariant(),
        SelectNode => "select",
        FusedMultiplyAddNode => "fma",
        ConvertNode => "convert",
        _ => "bitcast",
    };
}
