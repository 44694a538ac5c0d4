using TensorCell.Kernels.Ir;

namespace TensorCell.Kernels.Passes;

/// <summary>
/// Counts the floating-point operations of a grid program's items. A loop's turns are found by computing what it counts with, turn after turn,
/// where that follows from what a launch is given; the rest of its body is counted once.
/// </summary>
internal sealed class FlopCounter
{
    /// <summary>The most turns that are followed; of a longer loop, so many are counted.</summary>
    private const int MaximumTurns = 1 << 18;

    private readonly Placement placement;
    private readonly Uniformity uniformity;
    private readonly Func<Node, Scalar?> given;
    private readonly Dictionary<Node, Scalar?> known = new(ReferenceEqualityComparer.Instance);

    private FlopCounter(Placement placement, Uniformity uniformity, Func<Node, Scalar?> given) =>
        (this.placement, this.uniformity, this.given) = (placement, uniformity, given);

    /// <summary>The operations of an item.</summary>
    /// <param name="program">The program, optimised.</param>
    /// <param name="placement">Where its values are computed.</param>
    /// <param name="uniformity">Which of them are the same for all items of a row: those are left out.</param>
    /// <param name="given">The value of a uniform, of a view's length or of the space's extent; null where it is not known.</param>
    public static FlopCount Of(GridProgram program, Placement placement, Uniformity uniformity, Func<Node, Scalar?> given) =>
        new FlopCounter(placement, uniformity, given).Count(program.Body);

    private FlopCount Count(Region region)
    {
        var count = new FlopCount(0, false);
        foreach (var step in placement.Steps(region))
        {
            count += step.Node is { } node ? new(Flops(node), false) : Count(step.Statement!);
        }

        return count;
    }

    private FlopCount Count(Statement statement)
    {
        switch (statement)
        {
            case LetStatement let:
                known[let.Result] = Evaluate(let.Value);
                return default;
            case IfStatement branch:
                return Count(branch);
            case LoopStatement loop:
                var turns = Turns(loop);
                var turn = Count(loop.Body);
                return new(turn.Flops * (turns ?? 1), turn.IsLeast || (turn.Flops > 0 && turns is null or MaximumTurns));
            default:
                return default;
        }
    }

    private FlopCount Count(IfStatement branch)
    {
        if (Evaluate(branch.Condition) is not { } condition)
        {
            var (then, otherwise) = (Count(branch.Then), Count(branch.Else));
            return new(Math.Max(then.Flops, otherwise.Flops), then.IsLeast || otherwise.IsLeast);
        }

        var count = Count(condition.AsBoolean ? branch.Then : branch.Else);
        for (var i = 0; i < branch.Results.Length; i++)
        {
            known[branch.Results[i]] = Evaluate((condition.AsBoolean ? branch.ThenValues : branch.ElseValues)[i]);
        }

        return count;
    }

    private double Flops(Node node) => !node.Type.IsFloatingPoint || !uniformity.Of(node).IsVarying ? 0 : node switch
    {
        FusedMultiplyAddNode => 2,
        BinaryNode or UnaryNode => 1,
        _ => 0,
    };

    /// <summary>How many turns a loop takes, which <see cref="MaximumTurns"/> cuts short; null where the data decides.</summary>
    private int? Turns(LoopStatement loop)
    {
        var counters = Counters(loop);
        var nodes = NodeOrder.Of([loop.Repeat, .. counters.Select(i => loop.Next[i])]).Where(node => node is not VariableNode || !known.ContainsKey(node)).ToArray();
        var values = counters.Select(i => Evaluate(loop.Initial[i])).ToArray();
        var turn = new Dictionary<Node, Scalar?>(ReferenceEqualityComparer.Instance);
        for (var turns = 1; turns < MaximumTurns; turns++)
        {
            turn.Clear();
            for (var i = 0; i < counters.Length; i++)
            {
                turn[loop.Carried[counters[i]]] = values[i];
            }

            foreach (var node in nodes)
            {
                turn.TryAdd(node, Apply(node, operand => turn.TryGetValue(operand, out var value) ? value : known[operand]));
            }

            if (turn[loop.Repeat] is not { } again)
            {
                return null;
            }

            if (!again.AsBoolean)
            {
                return turns;
            }

            for (var i = 0; i < counters.Length; i++)
            {
                values[i] = turn[loop.Next[counters[i]]];
            }
        }

        return MaximumTurns;
    }

    /// <summary>The carried values that a loop's condition depends on, from turn to turn.</summary>
    private static int[] Counters(LoopStatement loop)
    {
        var counters = new SortedSet<int>();
        var open = new Stack<Node>([loop.Repeat]);
        while (open.TryPop(out var root))
        {
            foreach (var variable in NodeOrder.Of([root]).OfType<VariableNode>())
            {
                var place = loop.Carried.IndexOf(variable);
                if (place >= 0 && counters.Add(place))
                {
                    open.Push(loop.Next[place]);
                }
            }
        }

        return [.. counters];
    }

    private Scalar? Evaluate(Node root)
    {
        foreach (var node in NodeOrder.Of([root]))
        {
            known.TryAdd(node, Apply(node, operand => known[operand]));
        }

        return known[root];
    }

    private Scalar? Apply(Node node, Func<Node, Scalar?> valueOf)
    {
        if (node.OperandCount == 0)
        {
            return node is ConstantNode constant ? constant.Value : node is VariableNode ? null : given(node);
        }

        Span<Scalar> operands = stackalloc Scalar[3];
        for (var i = 0; i < node.OperandCount; i++)
        {
            if (valueOf(node.Operand(i)) is not { } value)
            {
                return null;
            }

            operands[i] = value;
        }

        // Where it would fail, items do not come to it.
        var fails = node is BinaryNode { IsIntegerDivision: true } && operands[1].Bits == 0;
        return fails ? null : ScalarEvaluator.Apply(node, operands);
    }
}
