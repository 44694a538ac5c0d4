using TensorCell.Kernels.Ir;

namespace TensorCell.Kernels.Passes;

/// <summary>Rebuilds a grid program with every value that a statement or a result uses replaced by another of its type.</summary>
/// <param name="map">The value that stands for a root.</param>
internal sealed class RootRewriter(Func<Node, Node> map) : GridRewriter
{
    /// <summary>Every value that a statement or a result uses, in the order of the program.</summary>
    public static List<Node> Roots(GridProgram program)
    {
        var roots = new List<Node>();
        new RootRewriter(node =>
        {
            roots.Add(node);
            return node;
        }).Rewrite(program);
        return roots;
    }

    /// <inheritdoc/>
    public override Node Rewrite(Node root) => map(root);
}
