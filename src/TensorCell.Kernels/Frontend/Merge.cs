using TensorCell.Kernels.Ir;

namespace TensorCell.Kernels.Frontend;

/// <summary>
/// Brings the two sides of a branch together. Where neither side holds a statement, values that differ become selects; else the branch
/// stays a statement, and they become its results.
/// </summary>
internal sealed class Merge(
    KernelReader kernel, Node condition, Region then, Region otherwise, long mark, Func<string, KernelRefusedException> refused)
{
    private readonly bool isPure = then.Statements.Count == 0 && otherwise.Statements.Count == 0;
    private readonly List<VariableNode> results = [];
    private readonly List<Node> thenValues = [];
    private readonly List<Node> elseValues = [];
    private readonly Dictionary<(Node, Node), Node> known = [];

    public List<Exit> Run(List<Exit> thenExits, List<Exit> elseExits)
    {
        var exits = new List<Exit>();
        foreach (var target in thenExits.Concat(elseExits).Select(exit => exit.Target).Distinct())
        {
            var taken = thenExits.Find(exit => exit.Target == target);
            var other = elseExits.Find(exit => exit.Target == target);
            var when = Combine(taken?.Condition ?? Node.Constant(false), other?.Condition ?? Node.Constant(false));
            exits.Add(new(target, when, Combine(taken?.State, other?.State)));
        }

        if (!isPure)
        {
            kernel.Region.Statements.Add(new IfStatement(condition, then, otherwise, [.. results], [.. thenValues], [.. elseValues]));
        }

        if (exits.Count == 1)
        {
            exits[0] = exits[0] with { Condition = Node.Constant(true) };
        }

        return exits;
    }

    private FrameState Combine(FrameState? taken, FrameState? other)
    {
        var merged = new FrameState();
        foreach (var location in (taken?.Variables.Keys ?? Enumerable.Empty<Location>()).Union(other?.Variables.Keys ?? Enumerable.Empty<Location>()))
        {
            var (first, second) = (Of(taken, location), Of(other, location));
            if (Combine(first, taken is not null, second, other is not null, taken, other, merged) is { } value)
            {
                merged.Variables.Add(location, value);
            }
        }

        var stack = (taken ?? other)!.Stack.Count;
        for (var i = 0; i < stack; i++)
        {
            merged.Stack.Add(Combine(taken?.Stack[i], taken is not null, other?.Stack[i], other is not null, taken, other, merged)
                ?? throw refused("a choice between two objects; choose between their numbers instead"));
        }

        return merged;
    }

    private static StackValue? Of(FrameState? state, Location location) => state is null ? null
        : state.Variables.TryGetValue(location, out var value) ? value
        : Coercion.Computed(location.Type) is { } computed ? new NodeValue(Node.Constant(computed, 0))
        : null;

    /// <summary>What a variable holds after the branch; null if it cannot be told, as of two different objects.</summary>
    private StackValue? Combine(
        StackValue? first, bool hasFirst, StackValue? second, bool hasSecond, FrameState? taken, FrameState? other, FrameState merged)
    {
        if (!hasFirst || !hasSecond)
        {
            return Export((hasFirst ? first : second)!, hasFirst);
        }

        switch (first, second)
        {
            case (NodeValue a, NodeValue b):
                return new NodeValue(Combine(a.Node, b.Node));
            case (ElementValue a, ElementValue b) when a.Memory == b.Memory:
                return new ElementValue(a.Memory, new([.. a.Indices.Nodes.Zip(b.Indices.Nodes, Combine)]));
            case (StructureValue a, StructureValue b) when a.Location != b.Location && a.Location.Type == b.Location.Type:
                var chosen = new Location(a.Location.Type);
                CombineFields(a.Location, b.Location, chosen, taken!, other!, merged);
                return new StructureValue(chosen);
            case (ChangingValue, _) or (_, ChangingValue):
                return new ChangingValue();
            default:
                return Equals(first, second) ? first : null;
        }
    }

    private void CombineFields(Location first, Location second, Location target, FrameState taken, FrameState other, FrameState merged)
    {
        if (Of(taken, first) is { } a && Of(other, second) is { } b && Combine(a, true, b, true, taken, other, merged) is { } value)
        {
            merged.Variables[target] = value;
        }

        foreach (var field in first.Fields.Concat(second.Fields).Select(pair => pair.Key).Distinct().ToList())
        {
            CombineFields(first.Field(field), second.Field(field), target.Field(field), taken, other, merged);
        }
    }

    /// <summary>A value of one side only, as what follows sees it.</summary>
    private StackValue Export(StackValue value, bool isThen)
    {
        Node OfNode(Node node) => !isPure && kernel.Latest(node) > mark
            ? isThen ? Result(node, Arbitrary(node.Type)) : Result(Arbitrary(node.Type), node)
            : node;
        return value switch
        {
            NodeValue number => new NodeValue(OfNode(number.Node)),
            ElementValue element => new ElementValue(element.Memory, new([.. element.Indices.Nodes.Select(OfNode)])),
            _ => value,
        };
    }

    private static ConstantNode Arbitrary(DType type) => new(Scalar.From(type, 0)) { IsArbitrary = true };

    private Node Combine(Node whenTrue, Node whenFalse)
    {
        if (ReferenceEquals(whenTrue, whenFalse))
        {
            return whenTrue;
        }

        Coercion.Unify(ref whenTrue, ref whenFalse);
        if (whenTrue is ConstantNode a && whenFalse is ConstantNode b && a.Value.Equals(b.Value))
        {
            return whenTrue;
        }

        // Values known before the branch can be chosen between without it.
        return isPure || (kernel.Latest(whenTrue) <= mark && kernel.Latest(whenFalse) <= mark && whenTrue.Type == DType.Bool)
            ? Coercion.Choose(condition, whenTrue, whenFalse)
            : Result(whenTrue, whenFalse);
    }

    private Node Result(Node whenTrue, Node whenFalse)
    {
        if (!known.TryGetValue((whenTrue, whenFalse), out var result))
        {
            var variable = new VariableNode(whenTrue.Type);
            results.Add(variable);
            thenValues.Add(whenTrue);
            elseValues.Add(whenFalse);
            known.Add((whenTrue, whenFalse), result = variable);
        }

        return result;
    }
}
