using TensorCell.Kernels.Ir;

namespace TensorCell.Kernels.Passes;

/// <summary>The passes that every grid program goes through before a back end makes code for it.</summary>
internal static class GridOptimizer
{
    /// <summary>
    /// The same program, its values optimised as <see cref="Optimizer"/> does: composed operations expanded, constants folded, equal values
    /// shared, and, if wanted, products contracted into sums.
    /// </summary>
    public static GridProgram Optimize(GridProgram program, bool contraction)
    {
        var roots = RootRewriter.Roots(program).Distinct<Node>(ReferenceEqualityComparer.Instance).ToArray();
        var optimized = Optimizer.Optimize(roots, contraction);
        var replacements = new Dictionary<Node, Node>(ReferenceEqualityComparer.Instance);
        for (var i = 0; i < roots.Length; i++)
        {
            replacements.Add(roots[i], optimized[i]);
        }

        return new RootRewriter(node => replacements[node]).Rewrite(program);
    }
}
