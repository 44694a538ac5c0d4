using TensorCell.Kernels.Ir;

namespace TensorCell.Kernels.Passes;

/// <summary>Rebuilds a grid program with every value that a statement or a result uses replaced by another of its type.</summary>
/// <param name="map">The value that stands for a root.</param>
internal sealed class RootRewriter(Func<Node, Node> map) : GridRewriter
{
    /// <inheritdoc/>
    public override Node Rewrite(Node root) => map(root);
}
