using TensorCell.Kernels.Elementary;
using TensorCell.Kernels.Ir;

namespace TensorCell.Kernels.Passes;

/// <summary>The passes that every kernel goes through before code is made for it.</summary>
internal static class Optimizer
{
    /// <summary>Whether a product and a sum are contracted to one rounding: on, except in differential tests.</summary>
    public static bool Contraction { get; set; } = true;

    /// <summary>
    /// The same results, computed with less: composed operations expanded, constants folded, equal subexpressions shared, what no result needs
    /// left out, and, if wanted, products contracted into sums.
    /// </summary>
    public static Node[] Optimize(IReadOnlyList<Node> results, bool contraction)
    {
        var simplified = Simplifier.Simplify(Expand(results));
        return contraction ? Simplifier.Simplify(MultiplyAddContraction.Contract(simplified)) : simplified;
    }

    private static Node[] Expand(IReadOnlyList<Node> results) => GraphRewriter.Rewrite(results, node => node switch
    {
        UnaryNode unary when ElementaryFunctions.IsComposed(unary.Operation) => ElementaryFunctions.Expand(unary.Operation, unary.Value),
        BinaryNode binary when ElementaryFunctions.IsComposed(binary.Operation) =>
            ElementaryFunctions.Expand(binary.Operation, binary.Left, binary.Right),
        _ => node,
    });
}
