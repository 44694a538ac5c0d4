using TensorCell.Kernels.Ir;

namespace TensorCell.Kernels.Passes;

/// <summary>The passes that every grid program goes through before a back end makes code for it.</summary>
internal static class GridOptimizer
{
    /// <summary>
    /// The same program, computed with less: loops ask at their bottom and short ones are written out, branches that are known are taken, loads
    /// are made once and leave loops that do not change them, and values are optimised as <see cref="Optimizer"/> does.
    /// </summary>
    /// <param name="program">The program.</param>
    /// <param name="contraction">Whether products are contracted into sums.</param>
    public static GridProgram Optimize(GridProgram program, bool contraction)
    {
        // Values come first: how long the turns of a loop are shows once composed operations are expanded, and which loads are of one element
        // once equal indices are one.
        var structured = StructureSimplifier.Simplify(OptimizeValues(LoopRotation.Rotate(program), false));
        var unrolled = LoopUnrolling.Unroll(structured);
        if (unrolled != structured)
        {
            unrolled = StructureSimplifier.Simplify(OptimizeValues(unrolled, false));
        }

        return OptimizeValues(StructureSimplifier.Simplify(LoadReuse.Reuse(unrolled)), contraction);
    }

    /// <summary>An optimised program in which more became known.</summary>
    public static GridProgram Again(GridProgram program) => StructureSimplifier.Simplify(OptimizeValues(program, false));

    /// <summary>The program without what the front end left over: values that no turn of a loop changes, and results that nobody needs.</summary>
    public static GridProgram Tidy(GridProgram program)
    {
        // What a loop leaves unchanged shows in the loops around it once it is simplified.
        var (size, before) = (int.MaxValue, 0);
        do
        {
            before = size;
            program = StructureSimplifier.Simplify(program);
            size = program.Body.Descendants().Sum(statement => statement.Definitions.Count());
        }
        while (size < before);

        // Passes that make equal constants one would take others for arbitrary, too.
        return new GridRewriter(node => node is ConstantNode { IsArbitrary: true } constant ? Node.Constant(constant.Value) : node).Rewrite(program);
    }

    private static GridProgram OptimizeValues(GridProgram program, bool contraction)
    {
        var roots = program.Roots.Distinct<Node>(ReferenceEqualityComparer.Instance).ToArray();
        var optimized = Optimizer.Optimize(roots, contraction);
        var replacements = new Dictionary<Node, Node>(ReferenceEqualityComparer.Instance);
        for (var i = 0; i < roots.Length; i++)
        {
            replacements.Add(roots[i], optimized[i]);
        }

        return new RootRewriter(node => replacements[node]).Rewrite(program);
    }
}
