using System.Collections.Immutable;
using TensorCell.Kernels.Ir;

namespace TensorCell.Kernels.Passes;

/// <summary>Rebuilds the statements and values of a grid program, in their order.</summary>
/// <param name="replace">What stands for a value whose operands are already rewritten; itself, if it stays.</param>
/// <param name="memory">What stands for a memory operand.</param>
/// <param name="renames">Whether what statements define gets new variables, as in a copy that stands beside the original.</param>
internal class GridRewriter(Func<Node, Node>? replace = null, Func<MemoryOperand, MemoryOperand>? memory = null, bool renames = false)
{
    private readonly Dictionary<Node, Node> rewritten = new(ReferenceEqualityComparer.Instance);

    /// <summary>From now on, <paramref name="value"/> stands for <paramref name="node"/>.</summary>
    public void Substitute(Node node, Node value) => rewritten[node] = value;

    /// <summary>The value in terms of the rewritten program.</summary>
    public virtual Node Rewrite(Node root)
    {
        if (rewritten.TryGetValue(root, out var found))
        {
            return found;
        }

        var operands = new Node[3];
        foreach (var node in NodeOrder.Of([root]))
        {
            if (rewritten.ContainsKey(node))
            {
                continue;
            }

            var changed = false;
            for (var i = 0; i < node.OperandCount; i++)
            {
                operands[i] = rewritten[node.Operand(i)];
                changed |= operands[i] != node.Operand(i);
            }

            var renewed = node is LengthNode length && Rewrite(length.View) is ViewOperand view && view != length.View
                ? new LengthNode(view, length.Dimension)
                : changed ? node.With(operands.AsSpan(0, node.OperandCount)) : node;
            rewritten[node] = replace is null ? renewed : replace(renewed);
        }

        return rewritten[root];
    }

    /// <summary>Each value rewritten.</summary>
    public ImmutableArray<Node> Rewrite(ImmutableArray<Node> nodes) => [.. nodes.Select(Rewrite)];

    /// <summary>The rewritten program.</summary>
    public GridProgram Rewrite(GridProgram program)
    {
        var body = Rewrite(program.Body);
        return program with { Body = body, Results = Rewrite(program.Results) };
    }

    /// <summary>The rewritten region.</summary>
    public Region Rewrite(Region region)
    {
        var copy = new Region();
        Append(region, copy);
        return copy;
    }

    /// <summary>Rewrites the statements of a region to the end of another.</summary>
    public void Append(Region source, Region target)
    {
        foreach (var statement in source.Statements)
        {
            Append(statement, target);
        }
    }

    /// <summary>Rewrites a statement to the end of a region.</summary>
    protected virtual void Append(Statement statement, Region target)
    {
        switch (statement)
        {
            case LetStatement let:
                AppendLet(let, target);
                break;
            case LoadStatement load:
                var indices = Rewrite(load.Indices);
                target.Statements.Add(new LoadStatement(Define(load.Result), Rewrite(load.Source), indices));
                break;
            case StoreStatement store:
                target.Statements.Add(new StoreStatement(Rewrite(store.Target), Rewrite(store.Indices), Rewrite(store.Value)));
                break;
            case AtomicStatement atomic:
                var (at, value, comparand) = (Rewrite(atomic.Indices), Rewrite(atomic.Value), atomic.Comparand is null ? null : Rewrite(atomic.Comparand));
                target.Statements.Add(new AtomicStatement(
                    atomic.Old is null ? null : Define(atomic.Old), atomic.Operation, Rewrite(atomic.Target), at, value, comparand));
                break;
            case IfStatement branch:
                AppendIf(branch, target);
                break;
            case LoopStatement loop:
                AppendLoop(loop, target);
                break;
            default:
                target.Statements.Add(statement);
                break;
        }
    }

    /// <summary>Rewrites a division.</summary>
    protected virtual void AppendLet(LetStatement let, Region target)
    {
        var (left, right) = (Rewrite(let.Value.Left), Rewrite(let.Value.Right));
        target.Statements.Add(new LetStatement(Define(let.Result), (BinaryNode)Node.Binary(let.Value.Operation, left, right)));
    }

    /// <summary>Rewrites a branch.</summary>
    protected virtual void AppendIf(IfStatement branch, Region target)
    {
        var condition = Rewrite(branch.Condition);
        var then = Rewrite(branch.Then);
        var thenValues = Rewrite(branch.ThenValues);
        var otherwise = Rewrite(branch.Else);
        var elseValues = Rewrite(branch.ElseValues);
        target.Statements.Add(new IfStatement(condition, then, otherwise, Define(branch.Results), thenValues, elseValues));
    }

    /// <summary>Rewrites a loop.</summary>
    protected virtual void AppendLoop(LoopStatement loop, Region target)
    {
        var initial = Rewrite(loop.Initial);
        var carried = Define(loop.Carried);
        var body = Rewrite(loop.Body);
        var repeat = Rewrite(loop.Repeat);
        var next = Rewrite(loop.Next);
        var values = Rewrite(loop.ResultValues);
        target.Statements.Add(new LoopStatement(carried, initial, body, repeat, next, Define(loop.Results), values));
    }

    /// <summary>The variable that stands for one that is defined here.</summary>
    protected VariableNode Define(VariableNode variable)
    {
        if (renames)
        {
            rewritten[variable] = new VariableNode(variable.Type, variable.Name);
        }

        return (VariableNode)rewritten.GetValueOrDefault(variable, variable);
    }

    /// <inheritdoc cref="Define(VariableNode)"/>
    protected ImmutableArray<VariableNode> Define(ImmutableArray<VariableNode> variables) => [.. variables.Select(Define)];

    private MemoryOperand Rewrite(MemoryOperand operand) => memory is null ? operand : memory(operand);
}
