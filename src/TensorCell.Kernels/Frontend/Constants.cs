using TensorCell.Kernels.Ir;

namespace TensorCell.Kernels.Frontend;

/// <summary>What is known while a method is read decides which of its branches are read at all.</summary>
internal static class Constants
{
    /// <summary>The most nodes that the reading of one instruction makes on top of one another.</summary>
    private const int Depth = 4;

    /// <summary>The node, or the constant that it comes to.</summary>
    public static Node Fold(Node node) => Fold(node, Depth);

    private static Node Fold(Node node, int depth)
    {
        if (node.OperandCount == 0 || depth == 0 || node is BinaryNode { IsIntegerDivision: true })
        {
            return node;
        }

        Span<Scalar> operands = stackalloc Scalar[3];
        var known = true;
        for (var i = 0; i < node.OperandCount; i++)
        {
            if (Fold(node.Operand(i), depth - 1) is ConstantNode constant)
            {
                operands[i] = constant.Value;
            }
            else
            {
                known = false;
            }
        }

        return known && !IsComposed(node) ? Node.Constant(ScalarEvaluator.Apply(node, operands)) : node;
    }

    // Their value is what the engine computes, which need not be the runtime library's to the last bit.
    private static bool IsComposed(Node node) =>
        (node is UnaryNode unary && Elementary.ElementaryFunctions.IsComposed(unary.Operation))
        || (node is BinaryNode binary && Elementary.ElementaryFunctions.IsComposed(binary.Operation));
}
