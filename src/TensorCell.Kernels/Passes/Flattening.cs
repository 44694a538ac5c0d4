using TensorCell.Kernels.Frontend;
using TensorCell.Kernels.Ir;

namespace TensorCell.Kernels.Passes;

/// <summary>
/// Turns statements without loops or memory into a graph of pure values: branches become selects, and a division that a branch does
/// not reach divides by one.
/// </summary>
internal sealed class Flattening
{
    private readonly GridRewriter rewriter = new();

    private Flattening()
    {
    }

    /// <summary>The values as a graph of their own; null if a loop, a load or a store is in the way.</summary>
    public static Node[]? Flatten(Region region, IEnumerable<Node> values)
    {
        var flattening = new Flattening();
        return flattening.Run(region, Node.Constant(true)) ? [.. values.Select(flattening.rewriter.Rewrite)] : null;
    }

    private bool Run(Region region, Node reached)
    {
        foreach (var statement in region.Statements)
        {
            switch (statement)
            {
                case LetStatement let:
                    var divisor = rewriter.Rewrite(let.Value.Right);
                    var safe = divisor is ConstantNode { Value.Bits: not 0 } ? divisor : Coercion.Choose(reached, divisor, Node.Constant(divisor.Type, 1));
                    rewriter.Substitute(let.Result, Node.Binary(let.Value.Operation, rewriter.Rewrite(let.Value.Left), safe));
                    break;
                case IfStatement branch:
                    var condition = rewriter.Rewrite(branch.Condition);
                    if (!Run(branch.Then, Coercion.And(reached, condition)) || !Run(branch.Else, Coercion.And(reached, Coercion.Not(condition))))
                    {
                        return false;
                    }

                    for (var i = 0; i < branch.Results.Length; i++)
                    {
                        rewriter.Substitute(branch.Results[i], Coercion.Choose(
                            condition, rewriter.Rewrite(branch.ThenValues[i]), rewriter.Rewrite(branch.ElseValues[i])));
                    }

                    break;
                default:
                    return false;
            }
        }

        return true;
    }
}
