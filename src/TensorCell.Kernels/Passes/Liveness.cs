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
        foreach (var statement in program.Body.Descendants())
        {
            liveness.Visit(statement);
        }

        liveness.Need([.. program.Results]);
        liveness.Run();
        return liveness;
    }

    /// <summary>Whether the value is needed.</summary>
    public bool IsLive(Node node) => live.Contains(node);

    private void Visit(Statement statement)
    {
        switch (statement)
        {
            case IfStatement branch:
                Need(branch.Condition);
                for (var i = 0; i < branch.Results.Length; i++)
                {
                    sources.Add(branch.Results[i], [branch.ThenValues[i], branch.ElseValues[i]]);
                }

                break;
            case LoopStatement loop:
                Need(loop.Repeat);
                for (var i = 0; i < loop.Carried.Length; i++)
                {
                    sources.Add(loop.Carried[i], [loop.Initial[i], loop.Next[i]]);
                }

                for (var i = 0; i < loop.Results.Length; i++)
                {
                    sources.Add(loop.Results[i], [loop.ResultValues[i]]);
                }

                break;
            default:
                Need([.. statement.Operands]);
                break;
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
