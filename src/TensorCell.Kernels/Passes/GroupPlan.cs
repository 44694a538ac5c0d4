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
    private readonly HashSet<Statement> common = new(ReferenceEqualityComparer.Instance);
    private readonly HashSet<MemoryOperand> written = new(ReferenceEqualityComparer.Instance);
    private readonly HashSet<Node> varying = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<Node, Func<bool>> definitions = new(ReferenceEqualityComparer.Instance);
    private Dictionary<Node, bool> known = new(ReferenceEqualityComparer.Instance);

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
        bool changed;
        do
        {
            changed = false;
            plan.known = new(ReferenceEqualityComparer.Instance);
            foreach (var (variable, isSame) in plan.definitions)
            {
                if (!plan.varying.Contains(variable) && !isSame())
                {
                    changed = plan.varying.Add(variable);
                    plan.known = new(ReferenceEqualityComparer.Instance);
                }
            }
        }
        while (changed);
        plan.Check(program, program.Body);
        return plan;
    }

    /// <summary>Whether a statement is, or holds, a barrier.</summary>
    public bool HasBarrier(Statement statement) => withBarrier.Contains(statement);

    /// <summary>Whether a load runs once for the group: all its items mean one element, which none of them writes before the next barrier.</summary>
    public bool IsOfGroup(LoadStatement load) => common.Contains(load) && IsOfGroup(load.Result);

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

            var same = node switch
            {
                IndexNode index => index.Kind is not (IndexKind.Global or IndexKind.Local),
                VariableNode => definitions.ContainsKey(node) && !varying.Contains(node),
                _ => true,
            };
            for (var i = 0; i < node.OperandCount; i++)
            {
                same &= known[node.Operand(i)];
            }

            known.Add(node, same);
        }

        return known[root];
    }

    private bool Mark(Region region)
    {
        var any = false;
        foreach (var statement in region.Statements)
        {
            var holds = statement switch
            {
                BarrierStatement => true,
                IfStatement branch => Mark(branch.Then) | Mark(branch.Else),
                LoopStatement loop => Mark(loop.Body),
                _ => false,
            };
            _ = statement switch
            {
                StoreStatement store => written.Add(store.Target),
                AtomicStatement atomic => written.Add(atomic.Target),
                _ => false,
            };
            if (holds)
            {
                withBarrier.Add(statement);
                any = true;
            }
        }

        return any;
    }

    private void Define(Region region)
    {
        // What items wrote since the last barrier, of which views may be one memory.
        var (shared, isViewWritten) = (new HashSet<MemoryOperand>(ReferenceEqualityComparer.Instance), false);
        foreach (var statement in region.Statements)
        {
            if (HasBarrier(statement))
            {
                shared.Clear();
                isViewWritten = false;
            }

            switch (statement)
            {
                case LoadStatement load when load.Source is ViewOperand ? !written.Contains(load.Source) || !isViewWritten : !shared.Contains(load.Source):
                    common.Add(load);
                    definitions.Add(load.Result, () => load.Indices.All(IsOfGroup));
                    break;
                case IfStatement branch when HasBarrier(branch):
                    Define(branch.Then);
                    Define(branch.Else);
                    for (var i = 0; i < branch.Results.Length; i++)
                    {
                        var (then, otherwise) = (branch.ThenValues[i], branch.ElseValues[i]);
                        definitions.Add(branch.Results[i], () => IsOfGroup(then) && IsOfGroup(otherwise));
                    }

                    break;
                case LoopStatement loop when HasBarrier(loop):
                    Define(loop.Body);
                    for (var i = 0; i < loop.Carried.Length; i++)
                    {
                        var (initial, next) = (loop.Initial[i], loop.Next[i]);
                        definitions.Add(loop.Carried[i], () => IsOfGroup(initial) && IsOfGroup(next));
                    }

                    for (var i = 0; i < loop.Results.Length; i++)
                    {
                        var value = loop.ResultValues[i];
                        definitions.Add(loop.Results[i], () => IsOfGroup(value));
                    }

                    break;
            }
        }
    }

    private void Check(GridProgram program, Region region)
    {
        foreach (var statement in region.Statements.Where(HasBarrier))
        {
            if (statement is IfStatement branch)
            {
                Require(program, branch.Condition, "if");
                Check(program, branch.Then);
                Check(program, branch.Else);
            }
            else if (statement is LoopStatement loop)
            {
                Require(program, loop.Repeat, "loop");
                Check(program, loop.Body);
            }
        }
    }

    private void Require(GridProgram program, Node condition, string what)
    {
        if (!IsOfGroup(condition))
        {
            throw new KernelRefusedException(
                $"a Barrier() in {(what == "if" ? "an if" : "a loop")} whose condition can differ among the items of a group: all items must come to a barrier, or none; let the condition depend on numbers, extents and the group's index alone, and put other conditions inside, between barriers",
                program.Name, 0, null);
        }
    }
}
