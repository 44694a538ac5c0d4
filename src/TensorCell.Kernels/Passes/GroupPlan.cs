using TensorCell.Kernels.Frontend;
using TensorCell.Kernels.Ir;

namespace TensorCell.Kernels.Passes;

/// <summary>
/// How the barriers of a program with groups divide it: statements that hold a barrier run once for the group, what stands between them for
/// one item after another (Stratton, Stone and Hwu, MCUDA, 2008). What decides whether a barrier is come to must be the same for the whole group.
/// </summary>
internal sealed class GroupPlan
{
    private readonly HashSet<Statement> withBarrier = new(ReferenceEqualityComparer.Instance);
    private readonly HashSet<Statement> repeatable = new(ReferenceEqualityComparer.Instance);
    private readonly HashSet<MemoryOperand> written = new(ReferenceEqualityComparer.Instance);
    private readonly HashSet<Node> same = new(ReferenceEqualityComparer.Instance);
    private readonly List<Assumption> assumptions = [];
    private readonly Dictionary<Node, bool> known = new(ReferenceEqualityComparer.Instance);

    private GroupPlan()
    {
    }

    /// <summary>The plan of a program.</summary>
    /// <exception cref="KernelRefusedException">Items of a group might come to a barrier differently.</exception>
    public static GroupPlan Of(GridProgram program)
    {
        var plan = new GroupPlan();
        plan.Mark(program.Body);
        plan.Define(program.Body);
        while (plan.assumptions.RemoveAll(plan.IsRefuted) > 0)
        {
        }

        plan.Check(program, program.Body);
        return plan;
    }

    /// <summary>Whether a statement is, or holds, a barrier.</summary>
    public bool HasBarrier(Statement statement) => withBarrier.Contains(statement);

    /// <summary>
    /// Whether a statement without barriers runs once for the group: all its items would do the same, and none of them writes what it reads
    /// before the next barrier.
    /// </summary>
    public bool IsOfGroup(Statement statement) => repeatable.Contains(statement) && Uses(statement).All(IsOfGroup);

    /// <summary>Whether a value is the same for the whole group, and known outside of the items.</summary>
    public bool IsOfGroup(Node root)
    {
        if (known.TryGetValue(root, out var found))
        {
            return found;
        }

        foreach (var node in NodeOrder.Of([root]))
        {
            if (known.ContainsKey(node))
            {
                continue;
            }

            var isSame = node switch
            {
                IndexNode index => index.Kind is not (IndexKind.Global or IndexKind.Local),
                VariableNode => same.Contains(node),
                _ => true,
            };
            for (var i = 0; i < node.OperandCount; i++)
            {
                isSame &= known[node.Operand(i)];
            }

            known.Add(node, isSame);
        }

        return known[root];
    }

    /// <summary>The values that a statement and those within it use.</summary>
    private static IEnumerable<Node> Uses(Statement statement) =>
        statement.Operands.Concat(statement.Regions.SelectMany(region => region.Descendants()).SelectMany(inner => inner.Operands));

    private bool Mark(Region region)
    {
        var any = false;
        foreach (var statement in region.Statements)
        {
            var holds = statement is BarrierStatement;
            foreach (var inner in statement.Regions)
            {
                holds |= Mark(inner);
            }

            if (statement.Target is { } target)
            {
                written.Add(target);
            }

            if (holds)
            {
                withBarrier.Add(statement);
                any = true;
            }
        }

        return any;
    }

    /// <summary>Assumes of each value that it is the same for the whole group, as long as those it comes from are.</summary>
    private void Define(Region region)
    {
        // What items wrote since the last barrier; they have not yet where the group reads on.
        var pending = new HashSet<MemoryOperand>(ReferenceEqualityComparer.Instance);
        foreach (var statement in region.Statements)
        {
            if (!HasBarrier(statement))
            {
                List<Statement> all = [statement, .. statement.Regions.SelectMany(inner => inner.Descendants())];
                if (all.TrueForAll(one => MayRepeat(one, pending)))
                {
                    repeatable.UnionWith(all);
                    Assume([.. all.SelectMany(one => one.Definitions)], () => IsOfGroup(statement));
                }

                pending.UnionWith(all.Where(one => one.Target is not null).Select(one => one.Target!));
                continue;
            }

            pending.Clear();
            foreach (var inner in statement.Regions)
            {
                Define(inner);
            }

            if (statement is IfStatement branch)
            {
                for (var i = 0; i < branch.Results.Length; i++)
                {
                    Assume([branch.Results[i]], branch.ThenValues[i], branch.ElseValues[i]);
                }
            }
            else if (statement is LoopStatement loop)
            {
                for (var i = 0; i < loop.Carried.Length; i++)
                {
                    Assume([loop.Carried[i]], loop.Initial[i], loop.Next[i]);
                }

                for (var i = 0; i < loop.Results.Length; i++)
                {
                    Assume([loop.Results[i]], loop.ResultValues[i]);
                }
            }
        }
    }

    /// <summary>Whether it makes no difference how many items run a statement, if they all use the same values.</summary>
    private bool MayRepeat(Statement statement, HashSet<MemoryOperand> pending) => statement switch
    {
        LetStatement or IfStatement or LoopStatement => true,
        // Views may be one memory.
        LoadStatement { Source: ViewOperand } load => !written.Contains(load.Source) || !pending.Any(operand => operand is ViewOperand),
        LoadStatement load => !pending.Contains(load.Source),
        _ => false,
    };

    private void Assume(IReadOnlyList<VariableNode> variables, params Node[] sources) => Assume(variables, () => Array.TrueForAll(sources, IsOfGroup));

    private void Assume(IReadOnlyList<VariableNode> variables, Func<bool> holds)
    {
        same.UnionWith(variables);
        assumptions.Add(new(variables, holds));
    }

    private bool IsRefuted(Assumption assumption)
    {
        if (assumption.Holds())
        {
            return false;
        }

        same.ExceptWith(assumption.Variables);
        known.Clear();
        return true;
    }

    private void Check(GridProgram program, Region region)
    {
        foreach (var statement in region.Statements.Where(HasBarrier))
        {
            if (statement is IfStatement { Condition: var condition } ? !IsOfGroup(condition) : statement is LoopStatement { Repeat: var repeat } && !IsOfGroup(repeat))
            {
                throw Refused(program, statement.Regions.SelectMany(inner => inner.Descendants()).OfType<BarrierStatement>().First());
            }

            foreach (var inner in statement.Regions)
            {
                Check(program, inner);
            }
        }
    }

    private static KernelRefusedException Refused(GridProgram program, BarrierStatement barrier)
    {
        const string construct =
            "a barrier that not all items of the group come to, as far as can be told: the condition of a branch, return or loop around it may differ between them; let it depend on numbers, extents, the group's index and what all items read alike, and put other conditions inside, between barriers";
        return barrier.Method is { } method ? KernelReader.Refused(method, barrier.Offset, construct) : new(construct, program.Name, 0, null);
    }

    /// <summary>Variables that are the same for the whole group, unless something does not hold.</summary>
    private readonly record struct Assumption(IReadOnlyList<VariableNode> Variables, Func<bool> Holds);
}
