using System.Collections.Immutable;
using TensorCell.Kernels.Frontend;
using TensorCell.Kernels.Ir;

namespace TensorCell.Kernels.Passes;

/// <summary>
/// Simplifies branches and loops: those whose condition is known, those that do nothing, values that no turn changes, and values that
/// nobody needs.
/// </summary>
internal sealed class StructureSimplifier : GridRewriter
{
    private readonly Liveness liveness;

    private StructureSimplifier(Liveness liveness)
        : base(Constants.Fold) => this.liveness = liveness;

    /// <summary>The simplified program.</summary>
    public static GridProgram Simplify(GridProgram program) => new StructureSimplifier(Liveness.Of(program)).Rewrite(program);

    /// <inheritdoc/>
    protected override void AppendIf(IfStatement branch, Region target)
    {
        var condition = Rewrite(branch.Condition);
        if (condition is ConstantNode { Value.AsBoolean: var holds })
        {
            Append(holds ? branch.Then : branch.Else, target);
            Substitute(branch.Results, Rewrite(holds ? branch.ThenValues : branch.ElseValues));
            return;
        }

        var (then, otherwise) = (Rewrite(branch.Then), Rewrite(branch.Else));
        var (thenValues, elseValues) = (Rewrite(branch.ThenValues), Rewrite(branch.ElseValues));
        if (then.Statements.Count == 0 && otherwise.Statements.Count == 0)
        {
            for (var i = 0; i < branch.Results.Length; i++)
            {
                Substitute(branch.Results[i], Coercion.Choose(condition, thenValues[i], elseValues[i]));
            }

            return;
        }

        var kept = new List<int>();
        for (var i = 0; i < branch.Results.Length; i++)
        {
            if (thenValues[i] == elseValues[i])
            {
                Substitute(branch.Results[i], thenValues[i]);
            }
            else if (liveness.IsLive(branch.Results[i]))
            {
                kept.Add(i);
            }
        }

        var (results, first, second) = (Pick(branch.Results, kept), Pick(thenValues, kept), Pick(elseValues, kept));
        target.Statements.Add(then.Statements.Count == 0
            ? new IfStatement(Coercion.Not(condition), otherwise, then, results, second, first)
            : new IfStatement(condition, then, otherwise, results, first, second));
    }

    /// <inheritdoc/>
    protected override void AppendLoop(LoopStatement loop, Region target)
    {
        var kept = new List<int>();
        var unchanged = new HashSet<Node>(ReferenceEqualityComparer.Instance);
        for (var i = 0; i < loop.Carried.Length; i++)
        {
            if (loop.Next[i] == loop.Carried[i] || loop.Next[i] == loop.Initial[i])
            {
                Substitute(loop.Carried[i], Rewrite(loop.Initial[i]));
                unchanged.Add(loop.Carried[i]);
            }
            else if (liveness.IsLive(loop.Carried[i]))
            {
                kept.Add(i);
            }
        }

        if (loop.Repeat is ConstantNode { Value.AsBoolean: false })
        {
            Substitute(loop.Carried, Rewrite(loop.Initial));
            Append(loop.Body, target);
            Substitute(loop.Results, Rewrite(loop.ResultValues));
            return;
        }

        var results = new List<int>();
        for (var i = 0; i < loop.Results.Length; i++)
        {
            if (unchanged.Contains(loop.ResultValues[i]))
            {
                Substitute(loop.Results[i], Rewrite(loop.ResultValues[i]));
            }
            else if (liveness.IsLive(loop.Results[i]))
            {
                results.Add(i);
            }
        }

        var initial = Rewrite(Pick(loop.Initial, kept));
        var body = Rewrite(loop.Body);
        target.Statements.Add(new LoopStatement(
            Pick(loop.Carried, kept),
            initial,
            body,
            Rewrite(loop.Repeat),
            Rewrite(Pick(loop.Next, kept)),
            Pick(loop.Results, results),
            Rewrite(Pick(loop.ResultValues, results))));
    }

    private void Substitute(ImmutableArray<VariableNode> variables, ImmutableArray<Node> values)
    {
        for (var i = 0; i < variables.Length; i++)
        {
            Substitute(variables[i], values[i]);
        }
    }

    private static ImmutableArray<T> Pick<T>(ImmutableArray<T> all, List<int> kept) => [.. kept.Select(i => all[i])];
}
