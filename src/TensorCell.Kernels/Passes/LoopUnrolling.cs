using System.Collections.Immutable;
using TensorCell.Kernels.Frontend;
using TensorCell.Kernels.Ir;

namespace TensorCell.Kernels.Passes;

/// <summary>Writes out short loops whose number of turns is known, such as those over the window of a convolution.</summary>
internal sealed class LoopUnrolling : GridRewriter
{
    /// <summary>The most turns written out.</summary>
    private const int MaximumTurns = 16;

    /// <summary>The most statements and values that the turns of a loop may come to.</summary>
    private const int MaximumSize = 256;

    private bool hasUnrolled;

    private LoopUnrolling()
        : base(Constants.Fold)
    {
    }

    /// <summary>The program with its short loops written out; the same one, if it has none.</summary>
    public static GridProgram Unroll(GridProgram program)
    {
        var unrolling = new LoopUnrolling();
        var unrolled = unrolling.Rewrite(program);
        return unrolling.hasUnrolled ? unrolled : program;
    }

    /// <inheritdoc/>
    protected override void AppendLoop(LoopStatement loop, Region target)
    {
        var around = new Region();
        base.AppendLoop(loop, around);
        var inner = (LoopStatement)around.Statements[^1];
        var turns = Turns(inner);
        if (turns == 0)
        {
            target.Statements.AddRange(around.Statements);
            return;
        }

        hasUnrolled = true;
        var values = inner.Initial;
        for (var turn = 0; turn < turns; turn++)
        {
            var copy = new GridRewriter(Constants.Fold, renames: true);
            for (var i = 0; i < values.Length; i++)
            {
                copy.Substitute(inner.Carried[i], values[i]);
            }

            copy.Append(inner.Body, target);
            if (turn == turns - 1)
            {
                for (var i = 0; i < inner.Results.Length; i++)
                {
                    Substitute(loop.Results[i], copy.Rewrite(inner.ResultValues[i]));
                }
            }

            values = copy.Rewrite(inner.Next);
        }
    }

    /// <summary>How many turns the loop takes, or 0 if that is not known or too many.</summary>
    private static int Turns(LoopStatement loop)
    {
        var size = Size(loop.Body) + NodeOrder.Of([loop.Repeat, .. loop.Next, .. loop.ResultValues]).Count;
        var values = loop.Initial;
        for (var turn = 1; turn <= MaximumTurns && turn * size <= MaximumSize; turn++)
        {
            var step = new GridRewriter(Constants.Fold);
            for (var i = 0; i < values.Length; i++)
            {
                // What is not known must not decide.
                step.Substitute(loop.Carried[i], values[i] is ConstantNode ? values[i] : new VariableNode(values[i].Type));
            }

            if (step.Rewrite(loop.Repeat) is not ConstantNode { Value.AsBoolean: var again })
            {
                return 0;
            }

            if (!again)
            {
                return turn;
            }

            values = step.Rewrite(loop.Next);
        }

        return 0;
    }

    private static int Size(Region region) => region.Statements.Sum(statement => statement switch
    {
        IfStatement branch => 1 + Size(branch.Then) + Size(branch.Else) + branch.Results.Length,
        LoopStatement loop => 4 + Size(loop.Body) + loop.Carried.Length + MaximumTurns,
        StoreStatement store => NodeOrder.Of([store.Value, .. store.Indices]).Count,
        LoadStatement load => NodeOrder.Of(load.Indices).Count,
        _ => 1,
    });
}
