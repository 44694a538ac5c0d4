using TensorCell.Kernels.Ir;

namespace TensorCell.Kernels.Passes;

/// <summary>Makes of a function the one that computes the gradient of a parameter, by reverse accumulation over its graph.</summary>
internal static class Differentiation
{
    /// <summary>
    /// The function of the same parameters and, after them, the gradient of the result, whose result is the gradient of one parameter;
    /// captured variables become uniforms. Null where that gradient is zero everywhere.
    /// </summary>
    /// <param name="function">A function of one floating-point result.</param>
    /// <param name="parameter">The index of a floating-point parameter.</param>
    /// <exception cref="NotSupportedException">The result is put together from the bits of a value that depends on the parameter.</exception>
    public static KernelFunction? Of(KernelFunction function, int parameter)
    {
        Node result = function.Results[0];
        List<Node> order = NodeOrder.Of([result]);
        HashSet<Node> active = Depending(function, order, parameter);
        if (!active.Contains(result))
        {
            return null;
        }

        Node gradient = Node.Parameter(function.Parameters.Length, result.Type);
        Dictionary<Node, Node> adjoints = new(ReferenceEqualityComparer.Instance) { [result] = gradient };
        Node? found = null;
        for (int index = order.Count - 1; index >= 0; index--)
        {
            Node node = order[index];
            if (!active.Contains(node) || !adjoints.TryGetValue(node, out Node? adjoint))
            {
                continue;
            }

            if (node is ParameterNode)
            {
                // The same parameter may stand in the graph as several nodes.
                found = found is null ? adjoint : Node.Binary(BinaryOperation.Add, found, adjoint);
                continue;
            }

            for (int operand = 0; operand < node.OperandCount; operand++)
            {
                if (active.Contains(node.Operand(operand)) && Pull(function, node, operand, adjoint) is { } share)
                {
                    adjoints[node.Operand(operand)] = adjoints.TryGetValue(node.Operand(operand), out Node? other)
                        ? Node.Binary(BinaryOperation.Add, other, share)
                        : share;
                }
            }
        }

        return found is null
            ? null
            : KernelFunction.Create($"{function.Name} gradient", [.. function.Parameters, result.Type], [.. function.Uniforms], found);
    }

    /// <summary>The floating-point nodes that depend on the parameter through floating-point nodes.</summary>
    private static HashSet<Node> Depending(KernelFunction function, List<Node> order, int parameter)
    {
        HashSet<Node> active = new(ReferenceEqualityComparer.Instance);
        HashSet<Node> bits = new(ReferenceEqualityComparer.Instance);
        foreach (Node node in order)
        {
            bool depends = node is ParameterNode found && found.Index == parameter;
            bool dependsByBits = false;
            for (int operand = 0; operand < node.OperandCount; operand++)
            {
                depends |= active.Contains(node.Operand(operand));
                dependsByBits |= bits.Contains(node.Operand(operand));
            }

            if (node is BitCastNode && node.Type.IsFloatingPoint && dependsByBits)
            {
                throw Throw.NotDifferentiable(function.Name);
            }

            if (depends && node.Type.IsFloatingPoint)
            {
                active.Add(node);
            }
            else if ((depends && node is BitCastNode) || (dependsByBits && !node.Type.IsFloatingPoint && node.Type != DType.Bool))
            {
                bits.Add(node);
            }
        }

        return active;
    }

    /// <summary>What of a node's gradient flows to one of its operands.</summary>
    private static Node? Pull(KernelFunction function, Node node, int operand, Node adjoint) => node switch
    {
        UnaryNode unary => Derivatives<Node, NodeAlgebra>.Of(unary.Operation, adjoint, unary.Operand(0), node),
        BinaryNode binary => operand == 0
            ? Derivatives<Node, NodeAlgebra>.OfLeft(binary.Operation, adjoint, binary.Operand(0), binary.Operand(1), node)
            : Derivatives<Node, NodeAlgebra>.OfRight(binary.Operation, adjoint, binary.Operand(0), binary.Operand(1), node),
        SelectNode select => operand == 1
            ? Node.Select(select.Condition, adjoint, Node.Constant(adjoint.Type, 0))
            : Node.Select(select.Condition, Node.Constant(adjoint.Type, 0), adjoint),
        FusedMultiplyAddNode product => operand == 2
            ? adjoint
            : Node.Binary(BinaryOperation.Multiply, adjoint, operand == 0 ? product.Right : product.Left),
        ConvertNode convert => Node.Convert(adjoint, convert.Value.Type),
        _ => throw Throw.NotDifferentiable(function.Name),
    };
}
