using System.Collections.Immutable;
using TensorCell.Kernels.Frontend;
using TensorCell.Kernels.Ir;

namespace TensorCell.Kernels.Passes;

/// <summary>
/// Turns a loop that asks at its top, <c>while (c) { … }</c>, into one that asks at its bottom, <c>if (c) do { … } while (c)</c>: what
/// it runs is then no longer under a condition, so that loads that do not change can leave it, and a turn has one branch.
/// </summary>
internal sealed class LoopRotation : GridRewriter
{
    private readonly HashSet<LoopStatement> rotated = new(ReferenceEqualityComparer.Instance);

    private LoopRotation()
        : base(Constants.Fold)
    {
    }

    /// <summary>The program with its loops rotated.</summary>
    public static GridProgram Rotate(GridProgram program) => new LoopRotation().Rewrite(program);

    /// <inheritdoc/>
    protected override void AppendLoop(LoopStatement loop, Region target)
    {
        if (!rotated.Contains(loop) && Rotate(loop) is { } branch)
        {
            AppendIf(branch, target);
        }
        else
        {
            base.AppendLoop(loop, target);
        }
    }

    private IfStatement? Rotate(LoopStatement loop)
    {
        if (loop.Body.Statements is not [IfStatement { Else.Statements.Count: 0 } turn])
        {
            return null;
        }

        // Where the condition does not hold, the values at the end of a turn come from the branch not taken.
        Node Otherwise(Node node, ImmutableArray<Node>? carried) => With(
            node, loop.Carried, carried, turn.Results, With(turn.ElseValues, loop.Carried, carried), turn.Condition, carried is null ? Node.Constant(false) : null);
        if (Otherwise(loop.Repeat, null) is not ConstantNode { Value.AsBoolean: false })
        {
            return null;
        }

        Node Taken(Node node) => With(node, default, null, turn.Results, turn.ThenValues, turn.Condition, Node.Constant(true));
        var goesOn = Taken(loop.Repeat);
        ImmutableArray<Node> next = [.. loop.Next.Select(Taken)];
        var repeat = Coercion.And(goesOn, With(turn.Condition, loop.Carried, next));
        ImmutableArray<Node> values = [.. loop.ResultValues.Select(value =>
            Coercion.Choose(goesOn, Otherwise(value, next), Taken(value)))];
        ImmutableArray<VariableNode> inner = [.. loop.Results.Select(result => new VariableNode(result.Type, result.Name))];
        var body = new LoopStatement(loop.Carried, loop.Initial, turn.Then, repeat, next, inner, values);
        rotated.Add(body);
        var then = new Region();
        then.Statements.Add(body);
        return new(
            With(turn.Condition, loop.Carried, loop.Initial),
            then,
            new Region(),
            loop.Results,
            [.. inner],
            [.. loop.ResultValues.Select(value => Otherwise(value, loop.Initial))]);
    }

    private static ImmutableArray<Node> With(ImmutableArray<Node> nodes, ImmutableArray<VariableNode> variables, ImmutableArray<Node>? values) =>
        [.. nodes.Select(node => With(node, variables, values))];

    /// <summary>A value with others in place of variables, and of a condition.</summary>
    private static Node With(
        Node node,
        ImmutableArray<VariableNode> variables,
        ImmutableArray<Node>? values,
        ImmutableArray<VariableNode> results = default,
        ImmutableArray<Node> resultValues = default,
        Node? condition = null,
        Node? known = null)
    {
        var rewriter = new GridRewriter(Constants.Fold);
        if (condition is not null && known is not null)
        {
            rewriter.Substitute(condition, known);
        }

        if (values is { } given)
        {
            for (var i = 0; i < given.Length; i++)
            {
                rewriter.Substitute(variables[i], given[i]);
            }
        }

        for (var i = 0; !results.IsDefault && i < results.Length; i++)
        {
            rewriter.Substitute(results[i], resultValues[i]);
        }

        return Simplified(rewriter.Rewrite(node));
    }

    private static Node Simplified(Node node) => Simplifier.Simplify([node])[0];
}
