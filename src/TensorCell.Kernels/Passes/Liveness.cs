using TensorCell.Kernels.Ir;

namespace TensorCell.Kernels.Passes;

/// <summary>Which values of a grid program something depends on: a store, an error, a branch or a result.</summary>
internal sealed class Liveness
{
    private readonly HashSet<Node> live = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<VariableNode, Node[]> sources = new(ReferenceEqualityComparer.Instance);
    private readonly Stack<Node> pending = [];

    /// <summary>The values of a program that are needed.</summary>
    public static Liveness Of(GridProgram program)
    {
        var liveness = new Liveness();
        liveness.Visit(program.Body);
        foreach (var result in program.Results)
        {
            liveness.pending.Push(result);
        }

        liveness.Run();
        return liveness;
    }

    /// <summary>Whether the value is needed.</summary>
    public bool IsLive(Node node) => live.Contains(node);

    private void Visit(Region region)
    {
        foreach (var statement in region.Statements)
        {
            switch (statement)
            {
                case LetStatement let:
                    Need(let.Value.Left, let.Value.Right);
                    break;
                case LoadStatement load:
                    Need(load.Indices.AsSpan());
                    break;
                case StoreStatement store:
                    Need(store.Indices.AsSpan());
                    Need(store.Value);
                    break;
                case AtomicStatement atomic:
                    Need(atomic.Indices.AsSpan());
                    Need(atomic.Value);
                    if (atomic.Comparand is { } comparand)
                    {
                        Need(comparand);
                    }

                    break;
                case IfStatement branch:
                    Need(branch.Condition);
                    Visit(branch.Then);
                    Visit(branch.Else);
                    for (var i = 0; i < branch.Results.Length; i++)
                    {
                        sources.Add(branch.Results[i], [branch.ThenValues[i], branch.ElseValues[i]]);
                    }

                    break;
                case LoopStatement loop:
                    Need(loop.Repeat);
                    Visit(loop.Body);
                    for (var i = 0; i < loop.Carried.Length; i++)
                    {
                        sources.Add(loop.Carried[i], [loop.Initial[i], loop.Next[i]]);
                    }

                    for (var i = 0; i < loop.Results.Length; i++)
                    {
                        sources.Add(loop.Results[i], [loop.ResultValues[i]]);
                    }

                    break;
            }
        }
    }

    private void Need(params ReadOnlySpan<Node> nodes)
    {
        foreach (var node in nodes)
        {
            pending.Push(node);
        }
    }

    private void Run()
    {
        while (pending.TryPop(out var node))
        {
            if (!live.Add(node))
            {
                continue;
            }

            for (var i = 0; i < node.OperandCount; i++)
            {
                pending.Push(node.Operand(i));
            }

            if (node is VariableNode variable && sources.TryGetValue(variable, out var from))
            {
                Need(from);
            }
        }
    }
}
