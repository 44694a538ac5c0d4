using TensorCell.Kernels.Ir;

namespace TensorCell.Kernels.Passes;

/// <summary>One step of a region: a pure value to compute, or a statement to run.</summary>
/// <param name="Node">The value, or null.</param>
/// <param name="Statement">The statement, where there is no value.</param>
internal readonly record struct Step(Node? Node, Statement? Statement);

/// <summary>
/// Decides where a grid program computes its pure values: as deep in branches as all their uses are, so that what a branch does not
/// need is not computed, but outside every loop that does not change them (Click, Global Code Motion, 1995).
/// </summary>
internal sealed class Placement
{
    private readonly Dictionary<Region, Scope> scopes = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<Node, Scope> definitions = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<Node, Use> uses = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<Node, Scope> earliest = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<Region, List<Step>> steps = new(ReferenceEqualityComparer.Instance);
    private readonly List<Node> roots = [];
    private Scope root = null!;

    private Placement()
    {
    }

    /// <summary>The placement of all values of a program.</summary>
    public static Placement Of(GridProgram program)
    {
        var placement = new Placement();
        var scope = placement.Enter(program.Body, null, 0, 0);
        placement.root = scope;
        foreach (var result in program.Results)
        {
            placement.UseIn(result, scope, program.Body.Statements.Count);
        }

        placement.Place();
        return placement;
    }

    /// <summary>The statements of a region, each value it computes before its first use.</summary>
    public IReadOnlyList<Step> Steps(Region region) => steps[region];

    /// <summary>Whether a node is computed by a step: everything but constants, inputs, indices and what statements define.</summary>
    public static bool IsComputed(Node node) => node.OperandCount > 0;

    private Scope Enter(Region region, Scope? parent, int index, int loopDepth)
    {
        var scope = new Scope(region, parent, index, loopDepth, (parent?.Depth ?? -1) + 1);
        scopes.Add(region, scope);
        for (var i = 0; i < region.Statements.Count; i++)
        {
            Visit(region.Statements[i], scope, i);
        }

        return scope;
    }

    private void Visit(Statement statement, Scope scope, int index)
    {
        switch (statement)
        {
            case IfStatement branch:
                UseIn(branch.Condition, scope, index);
                UseAll(branch.ThenValues, Enter(branch.Then, scope, index, scope.LoopDepth), branch.Then.Statements.Count);
                UseAll(branch.ElseValues, Enter(branch.Else, scope, index, scope.LoopDepth), branch.Else.Statements.Count);
                Define(branch.Results, scope);
                break;
            case LoopStatement loop:
                UseAll(loop.Initial, scope, index);
                var body = new Scope(loop.Body, scope, index, scope.LoopDepth + 1, scope.Depth + 1);
                scopes.Add(loop.Body, body);
                Define(loop.Carried, body);
                for (var i = 0; i < loop.Body.Statements.Count; i++)
                {
                    Visit(loop.Body.Statements[i], body, i);
                }

                UseIn(loop.Repeat, body, loop.Body.Statements.Count);
                UseAll(loop.Next, body, loop.Body.Statements.Count);
                UseAll(loop.ResultValues, body, loop.Body.Statements.Count);
                Define(loop.Results, scope);
                break;
            default:
                UseAll(statement.Operands, scope, index);
                Define(statement.Definitions, scope);
                break;
        }
    }

    private void Define(IEnumerable<VariableNode> variables, Scope scope)
    {
        foreach (var variable in variables)
        {
            definitions.Add(variable, scope);
        }
    }

    private void UseAll(IEnumerable<Node> nodes, Scope scope, int index)
    {
        foreach (var node in nodes)
        {
            UseIn(node, scope, index);
        }
    }

    private void UseIn(Node node, Scope scope, int index)
    {
        if (!IsComputed(node))
        {
            return;
        }

        if (uses.TryGetValue(node, out var before))
        {
            uses[node] = Meet(before, new(scope, index));
        }
        else
        {
            uses.Add(node, new(scope, index));
            roots.Add(node);
        }
    }

    private void Place()
    {
        var order = NodeOrder.Of(roots);
        foreach (var node in order)
        {
            earliest.Add(node, Earliest(node));
        }

        var placed = new List<(Node Node, Use At)>();
        for (var i = order.Count - 1; i >= 0; i--)
        {
            var node = order[i];
            if (!IsComputed(node))
            {
                continue;
            }

            var at = Choose(uses[node], earliest[node]);
            placed.Add((node, at));
            for (var operand = 0; operand < node.OperandCount; operand++)
            {
                UseIn(node.Operand(operand), at.Scope, at.Index);
            }
        }

        placed.Reverse();
        var byRegion = placed.ToLookup(pair => pair.At.Scope.Region, ReferenceEqualityComparer.Instance);
        foreach (var (region, _) in scopes)
        {
            var here = byRegion[region].ToLookup(pair => pair.At.Index, pair => pair.Node);
            var list = new List<Step>();
            for (var i = 0; i <= region.Statements.Count; i++)
            {
                list.AddRange(here[i].Select(node => new Step(node, null)));
                if (i < region.Statements.Count)
                {
                    list.Add(new(null, region.Statements[i]));
                }
            }

            steps.Add(region, list);
        }
    }

    private Scope Earliest(Node node)
    {
        if (definitions.TryGetValue(node, out var defined))
        {
            return defined;
        }

        var deepest = root;
        for (var i = 0; i < node.OperandCount; i++)
        {
            var scope = earliest[node.Operand(i)];
            deepest = scope.Depth > deepest.Depth ? scope : deepest;
        }

        return deepest;
    }

    private static Use Choose(Use latest, Scope earliest)
    {
        var best = latest;
        var here = latest;
        while (here.Scope != earliest && here.Scope.Parent is { } parent)
        {
            here = new(parent, here.Scope.Index);
            if (here.Scope.LoopDepth < best.Scope.LoopDepth)
            {
                best = here;
            }
        }

        return best;
    }

    private static Use Meet(Use first, Use second)
    {
        while (first.Scope.Depth > second.Scope.Depth)
        {
            first = new(first.Scope.Parent!, first.Scope.Index);
        }

        while (second.Scope.Depth > first.Scope.Depth)
        {
            second = new(second.Scope.Parent!, second.Scope.Index);
        }

        while (first.Scope != second.Scope)
        {
            first = new(first.Scope.Parent!, first.Scope.Index);
            second = new(second.Scope.Parent!, second.Scope.Index);
        }

        return first.Index <= second.Index ? first : second;
    }

    /// <summary>A region and where it stands.</summary>
    private sealed class Scope(Region region, Scope? parent, int index, int loopDepth, int depth)
    {
        public Region Region { get; } = region;

        public Scope? Parent { get; } = parent;

        /// <summary>The statement of the parent that it belongs to.</summary>
        public int Index { get; } = index;

        public int LoopDepth { get; } = loopDepth;

        public int Depth { get; } = depth;
    }

    /// <summary>Before which statement of a scope a value is needed.</summary>
    private readonly record struct Use(Scope Scope, int Index);
}
