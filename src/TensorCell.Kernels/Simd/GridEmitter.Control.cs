using System.Reflection.Emit;
using TensorCell.Kernels.Ir;

namespace TensorCell.Kernels.Simd;

/// <summary>Branches and loops.</summary>
internal sealed unsafe partial class GridEmitter
{
    /// <summary>How often a loop is taken to turn, where times are estimated.</summary>
    private const int AssumedTurns = 16;

    /// <summary>A branch that all lanes take alike.</summary>
    private void EmitBranch(IfStatement branch)
    {
        var (otherwise, done) = (il.DefineLabel(), il.DefineLabel());
        PushScalar(branch.Condition);
        il.Emit(OpCodes.Brfalse, otherwise);
        foreach (var result in branch.Results)
        {
            Define(result);
        }

        EmitRegion(branch.Then);
        EmitYield(branch.Results, branch.ThenValues, branch.Then);
        il.Emit(OpCodes.Br, done);
        il.MarkLabel(otherwise);
        EmitRegion(branch.Else);
        EmitYield(branch.Results, branch.ElseValues, branch.Else);
        il.MarkLabel(done);
        foreach (var result in branch.Results)
        {
            position++;
            DefineUniform(result);
        }
    }

    /// <summary>After a variable's scalar was assigned in several places: spreads it.</summary>
    private void DefineUniform(VariableNode variable)
    {
        if (!plan.Of(variable).IsVarying)
        {
            var value = ValueOf(variable);
            ScalarLocal(value);
            DefineBroadcast(value);
        }
    }

    private void EmitYield(IReadOnlyList<VariableNode> results, IReadOnlyList<Node> yielded, Region from, bool isFirst = false)
    {
        var outer = region;
        region = from;
        for (var i = 0; i < results.Count; i++)
        {
            position++;
            if (isFirst)
            {
                region = outer;
                Define(results[i]);
                region = from;
            }

            var value = ValueOf(results[i]);
            if (!plan.Of(results[i]).IsVarying)
            {
                PushScalar(yielded[i]);
                il.Emit(OpCodes.Stloc, ScalarLocal(value));
                continue;
            }

            for (var copy = 0; copy < copies; copy++)
            {
                PushAs(yielded[i], results[i], copy);
                StoreVector(value, copy);
            }
        }

        region = outer;
    }

    /// <summary>Pushes a value in the lanes of the variable that takes it over.</summary>
    private void PushAs(Node node, VariableNode target, int copy)
    {
        if (node.Type == DType.Bool)
        {
            PushMask(node, copy, plan.TypeOf(target).Size);
        }
        else
        {
            PushVector(node, copy);
        }
    }

    /// <summary>A branch that lanes may take differently: each side runs if an active lane takes it, under the mask of those that do.</summary>
    private void EmitDivergentBranch(IfStatement branch)
    {
        var outer = active;
        var taken = il.DeclareLocal(typeof(long));
        PushBits(branch.Condition);
        PushActive();
        il.Emit(OpCodes.And);
        il.Emit(OpCodes.Stloc, taken);
        EmitSide(branch.Then, branch.ThenValues, taken);
        if (!IsEmpty(branch.Else))
        {
            active = outer;
            var others = il.DeclareLocal(typeof(long));
            PushActive();
            il.Emit(OpCodes.Ldloc, taken);
            il.Emit(OpCodes.Xor);
            il.Emit(OpCodes.Stloc, others);
            EmitSide(branch.Else, branch.ElseValues, others);
        }

        active = outer;
        for (var i = 0; i < branch.Results.Length; i++)
        {
            position++;
            var value = Define(branch.Results[i]);
            var type = plan.TypeOf(branch.Results[i]);
            for (var copy = 0; copy < copies; copy++)
            {
                PushMask(branch.Condition, copy, type.Size);
                operations.Reinterpret(LaneTypes.Mask(type.Size), type);
                PushAs(branch.ThenValues[i], branch.Results[i], copy);
                PushAs(branch.ElseValues[i], branch.Results[i], copy);
                operations.Apply(new(VectorCode.Select, type), type);
                StoreVector(value, copy);
            }
        }
    }

    private bool IsEmpty(Region side) => plan.Placement.Steps(side).Count == 0;

    private void EmitSide(Region side, IReadOnlyList<Node> yielded, LocalBuilder mask)
    {
        if (IsEmpty(side))
        {
            return;
        }

        var skipped = il.DefineLabel();
        active = mask;
        il.Emit(OpCodes.Ldloc, mask);
        il.Emit(OpCodes.Brfalse, skipped);
        EmitRegion(side);
        position++;
        il.MarkLabel(skipped);
    }

    private void EmitLoop(LoopStatement loop)
    {
        AddCounters(loop);
        var isDivergent = !plan.Of(loop.Repeat).IsUniform;
        var outer = active;
        var mask = isDivergent ? il.DeclareLocal(typeof(long)) : null;
        if (isDivergent)
        {
            PushActive();
            il.Emit(OpCodes.Stloc, mask!);
            foreach (var result in loop.Results)
            {
                Define(result);
            }
        }

        var outerRegion = region;
        region = loop.Body;
        foreach (var carried in loop.Carried)
        {
            Define(carried);
        }

        region = outerRegion;
        EmitAssignments(loop.Carried, loop.Initial, isFirst: true);
        var start = ++position;
        var (turn, leave) = (il.DefineLabel(), il.DefineLabel());
        il.MarkLabel(turn);
        active = mask ?? outer;
        EmitStopCheck();
        turns *= AssumedTurns;
        region = loop.Body;
        foreach (var carried in loop.Carried)
        {
            DefineUniform(carried);
        }

        EmitRegion(loop.Body);
        region = loop.Body;
        position++;
        if (isDivergent)
        {
            EmitLeave(loop, mask!, leave);
        }
        else
        {
            PushScalar(loop.Repeat);
            if (CarriedResults(loop) is { } left)
            {
                EmitEnd(loop, start, turn, left, outerRegion);
                return;
            }

            il.Emit(OpCodes.Brfalse, leave);
        }

        position++;
        EmitAssignments(loop.Carried, loop.Next);
        il.Emit(OpCodes.Br, turn);
        il.MarkLabel(leave);
        region = outerRegion;
        active = outer;
        if (!isDivergent)
        {
            position++;
            foreach (var result in loop.Results)
            {
                Define(result);
            }

            EmitYield(loop.Results, loop.ResultValues, loop.Body);
        }

        var last = ++position;
        foreach (var carried in loop.Carried)
        {
            ValueOf(carried).LastUse = Math.Max(ValueOf(carried).LastUse, last);
        }

        if (isDivergent)
        {
            foreach (var result in loop.Results)
            {
                ValueOf(result).LastUse = Math.Max(ValueOf(result).LastUse, last);
            }
        }

        locals.AddLoop(start, last);
        turns /= AssumedTurns;
        position++;
        foreach (var result in loop.Results)
        {
            DefineUniform(result);
        }
    }

    /// <summary>The carried variables that hold a loop's results once they are given the values for the next turn; null if some result is none of these.</summary>
    private VariableNode[]? CarriedResults(LoopStatement loop)
    {
        var carried = new VariableNode[loop.Results.Length];
        for (var i = 0; i < carried.Length; i++)
        {
            var place = loop.Next.IndexOf(loop.ResultValues[i]);
            // What differs among lanes at first may be alike at the end, and is kept otherwise.
            if (place < 0 || plan.Of(loop.Carried[place]) != plan.Of(loop.Results[i]))
            {
                return null;
            }

            carried[i] = loop.Carried[place];
        }

        return carried;
    }

    /// <summary>
    /// Ends a turn, its condition pushed, of a loop that leaves what the next turn would begin with: it is carried over first, and then needs
    /// no locals beside those of the carried variables.
    /// </summary>
    private void EmitEnd(LoopStatement loop, int start, Label turn, VariableNode[] left, Region? outerRegion)
    {
        position++;
        EmitAssignments(loop.Carried, loop.Next);
        il.Emit(OpCodes.Brtrue, turn);
        foreach (var carried in loop.Carried)
        {
            ValueOf(carried).LastUse = Math.Max(ValueOf(carried).LastUse, position);
        }

        locals.AddLoop(start, position);
        region = outerRegion;
        EmitYield(loop.Results, left, loop.Body, isFirst: true);
        turns /= AssumedTurns;
        position++;
        foreach (var result in loop.Results)
        {
            DefineUniform(result);
        }
    }

    /// <summary>Assigns all at once: what is assigned may be among the values.</summary>
    /// <param name="targets">What is assigned.</param>
    /// <param name="sources">Its values.</param>
    /// <param name="isFirst">Whether the variables begin here, in locals that values may be leaving.</param>
    private void EmitAssignments(IReadOnlyList<VariableNode> targets, IReadOnlyList<Node> sources, bool isFirst = false)
    {
        var waiting = new Stack<int>();
        for (var i = 0; i < targets.Count; i++)
        {
            // What no value still to come is computed from is assigned at once, and needs no room beside its own.
            var isNeeded = isFirst || sources.Skip(i + 1).Any(source => Reads(source, targets[i]));
            if (isNeeded)
            {
                waiting.Push(i);
            }

            if (!plan.Of(targets[i]).IsVarying)
            {
                PushScalar(sources[i]);
                if (!isNeeded)
                {
                    Assign(targets[i]);
                }

                continue;
            }

            for (var copy = 0; copy < copies; copy++)
            {
                PushAs(sources[i], targets[i], copy);
                if (!isNeeded)
                {
                    StoreVector(ValueOf(targets[i]), copy);
                }
            }
        }

        while (waiting.TryPop(out var i))
        {
            Assign(targets[i]);
        }
    }

    /// <summary>Pops what a variable of a loop becomes.</summary>
    private void Assign(VariableNode target)
    {
        var value = ValueOf(target);
        if (!plan.Of(target).IsVarying)
        {
            il.Emit(OpCodes.Stloc, ScalarLocal(value));
            return;
        }

        for (var copy = copies - 1; copy >= 0; copy--)
        {
            StoreVector(value, copy);
        }
    }

    /// <summary>Whether a value, pushed now, is computed from a variable.</summary>
    private bool Reads(Node node, VariableNode variable)
    {
        if (node is VariableNode || (plan.Of(node).IsVarying ? ValueOf(node).IsHeld : ValueOf(node).IsHeldScalar))
        {
            return node == variable;
        }

        for (var i = 0; i < node.OperandCount; i++)
        {
            if (Reads(node.Operand(i), variable))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>
    /// At the end of a turn of a loop that lanes leave one by one: most turns none leaves, and then nothing is to be done. Where some do, their
    /// results are taken over, and the loop ends with the last.
    /// </summary>
    private void EmitLeave(LoopStatement loop, LocalBuilder mask, Label leave)
    {
        var (none, rest) = (il.DefineLabel(), il.DeclareLocal(typeof(long)));
        PushBits(loop.Repeat);
        il.Emit(OpCodes.Ldloc, mask);
        il.Emit(OpCodes.And);
        il.Emit(OpCodes.Stloc, rest);
        il.Emit(OpCodes.Ldloc, rest);
        il.Emit(OpCodes.Ldloc, mask);
        il.Emit(OpCodes.Beq, none);
        position++;
        for (var copy = 0; loop.Results.Length > 0 && copy < copies; copy++)
        {
            // The lanes of this copy that were active and no longer are.
            var leaving = il.DeclareLocal(typeof(long));
            il.Emit(OpCodes.Ldloc, mask);
            il.Emit(OpCodes.Ldloc, rest);
            il.Emit(OpCodes.Xor);
            il.Emit(OpCodes.Ldc_I4, copy * lanes);
            il.Emit(OpCodes.Shr_Un);
            il.Emit(OpCodes.Stloc, leaving);
            for (var i = 0; i < loop.Results.Length; i++)
            {
                var type = plan.TypeOf(loop.Results[i]);
                var mine = LaneTypes.Mask(type.Size);
                il.Emit(OpCodes.Ldloc, leaving);
                operations.MaskFromBits(mine);
                operations.Reinterpret(mine, type);
                PushAs(loop.ResultValues[i], loop.Results[i], copy);
                il.Emit(OpCodes.Ldloc, VectorLocal(ValueOf(loop.Results[i]), copy));
                operations.Apply(new(VectorCode.Select, type), type);
                StoreVector(ValueOf(loop.Results[i]), copy);
            }
        }

        il.Emit(OpCodes.Ldloc, rest);
        il.Emit(OpCodes.Stloc, mask);
        il.Emit(OpCodes.Ldloc, mask);
        il.Emit(OpCodes.Brfalse, leave);
        il.MarkLabel(none);
    }

    /// <summary>Ends the kernel in a loop when the launch is to end.</summary>
    private void EmitStopCheck()
    {
        var stopped = il.DefineLabel();
        // Volatile, or else a loop that stores nothing would read it once.
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Ldc_I4, GridLayout.Stop);
        il.Emit(OpCodes.Add);
        il.Emit(OpCodes.Volatile);
        il.Emit(OpCodes.Ldind_I4);
        il.Emit(OpCodes.Brtrue, stopped);
        Later(() =>
        {
            il.MarkLabel(stopped);
            Helper(nameof(GridHelpers.Stopped));
            il.Emit(OpCodes.Throw);
        });
    }
}
