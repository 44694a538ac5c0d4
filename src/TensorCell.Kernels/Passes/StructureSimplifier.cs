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
        : base(Simplify) => this.liveness = liveness;

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
                Substitute(branch.Results[i], OfEither(thenValues[i], elseValues[i], then, otherwise) ?? Coercion.Choose(condition, thenValues[i], elseValues[i]));
            }

            return;
        }

        var kept = new List<int>();
        for (var i = 0; i < branch.Results.Length; i++)
        {
            if (OfEither(thenValues[i], elseValues[i], then, otherwise) is { } value)
            {
                Substitute(branch.Results[i], value);
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
        for (var i = 0; i < loop.Carried.Length; i++)
        {
            var renewed = InAnotherTurn(loop.Next[i], loop.Repeat, loop.Body);
            if (renewed == loop.Carried[i] || renewed == loop.Initial[i])
            {
                Substitute(loop.Carried[i], Rewrite(loop.Initial[i]));
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

        var (carried, initial) = (Pick(loop.Carried, kept), Rewrite(Pick(loop.Initial, kept)));
        var body = Rewrite(loop.Body);
        var (repeat, next, values) = (Rewrite(loop.Repeat), Rewrite(Pick(loop.Next, kept)), Rewrite(loop.ResultValues));
        var inside = DefinedIn(body);
        inside.UnionWith(carried);
        var results = new List<int>();
        for (var i = 0; i < loop.Results.Length; i++)
        {
            if (!liveness.IsLive(loop.Results[i]))
            {
                continue;
            }

            if (IsFreeOf(values[i], inside))
            {
                Substitute(loop.Results[i], values[i]);
            }
            else
            {
                results.Add(i);
            }
        }

        target.Statements.Add(new LoopStatement(carried, initial, body, repeat, next, Pick(loop.Results, results), Pick(values, results)));
    }

    private static Node Simplify(Node node) => node is SelectNode select && select.WhenTrue == select.WhenFalse ? select.WhenTrue : Constants.Fold(node);

    /// <summary>What both sides of a branch give, if one is known before it; null otherwise.</summary>
    private static Node? OfEither(Node first, Node second, Region then, Region otherwise) =>
        first == second ? first
        : second is ConstantNode { IsArbitrary: true } && IsKnownBefore(first, then) ? first
        : first is ConstantNode { IsArbitrary: true } && IsKnownBefore(second, otherwise) ? second
        : null;

    private static bool IsKnownBefore(Node value, Region side) => IsFreeOf(value, DefinedIn(side));

    private static HashSet<Node> DefinedIn(Region region) =>
        region.Descendants().SelectMany(statement => statement.Definitions).ToHashSet<Node>(ReferenceEqualityComparer.Instance);

    private static bool IsFreeOf(Node value, HashSet<Node> variables) => variables.Count == 0 || !NodeOrder.Of([value]).Exists(variables.Contains);

    /// <summary>What a value at the end of a turn is, provided that another turn follows: of a branch whose one side ends the loop, the other side's.</summary>
    private static Node InAnotherTurn(Node value, Node repeat, Region body)
    {
        while (value is VariableNode result && body.Statements.OfType<IfStatement>().FirstOrDefault(branch => branch.Results.Contains(result)) is { } branch)
        {
            var (ifThen, ifElse) = OnSides(repeat, branch);
            var isThen = ifElse is ConstantNode { Value.AsBoolean: false };
            if (!isThen && ifThen is not ConstantNode { Value.AsBoolean: false })
            {
                break;
            }

            var place = branch.Results.IndexOf(result);
            (value, repeat, body) = isThen ? (branch.ThenValues[place], ifThen, branch.Then) : (branch.ElseValues[place], ifElse, branch.Else);
        }

        return value;
    }

    /// <summary>What a condition is where a branch took its one or its other side.</summary>
    private static (Node Then, Node Else) OnSides(Node condition, IfStatement branch)
    {
        if (condition is VariableNode result && branch.Results.IndexOf(result) is >= 0 and var place)
        {
            return (branch.ThenValues[place], branch.ElseValues[place]);
        }

        var ((asked, isAskedInverted), (decided, isDecidedInverted)) = (Inverted(condition), Inverted(branch.Condition));
        var never = Node.Constant(false);
        return asked != decided ? (condition, condition) : isAskedInverted == isDecidedInverted ? (condition, never) : (never, condition);
    }

    /// <summary>A condition without what inverts it, and whether it was inverted.</summary>
    private static (Node Condition, bool IsInverted) Inverted(Node condition) =>
        condition is UnaryNode { Operation: UnaryOperation.Not } not ? (not.Value, true) : (condition, false);

    private void Substitute(ImmutableArray<VariableNode> variables, ImmutableArray<Node> values)
    {
        for (var i = 0; i < variables.Length; i++)
        {
            Substitute(variables[i], values[i]);
        }
    }

    private static ImmutableArray<T> Pick<T>(ImmutableArray<T> all, List<int> kept) => [.. kept.Select(i => all[i])];
}
