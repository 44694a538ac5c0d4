using System.Reflection.Emit;
using TensorCell.Kernels.Ir;
using TensorCell.Kernels.Passes;

namespace TensorCell.Kernels.Simd;

/// <summary>Branches, loops, integer divisions and atomics.</summary>
internal sealed unsafe partial class GridEmitter
{
    /// <summary>How often a loop is taken to turn, where times are estimated.</summary>
    private const int AssumedTurns = 16;

    /// <summary>Pushes an i64 with a bit for each item for which a bool holds; bits of items that are not active mean nothing.</summary>
    private void PushBits(Node condition)
    {
        if (plan.Of(condition).IsUniform)
        {
            PushScalar(condition);
            il.Emit(OpCodes.Conv_I8);
            il.Emit(OpCodes.Neg);
            return;
        }

        if (PlaceOperations(condition) is > 0 and <= LargestTree)
        {
            PushPlaceBits(condition);
            return;
        }

        // What is uniform joins as a scalar rather than as a vector.
        if (condition is BinaryNode { Operation: BinaryOperation.And } both && !IsKept(condition)
            && (plan.Of(both.Left).IsUniform || plan.Of(both.Right).IsUniform))
        {
            PushBits(both.Left);
            PushBits(both.Right);
            il.Emit(OpCodes.And);
            return;
        }

        var type = plan.TypeOf(condition);
        for (var copy = 0; copy < copies; copy++)
        {
            PushVector(condition, copy);
            operations.MaskBits(type);
            if (copy > 0)
            {
                il.Emit(OpCodes.Ldc_I4, copy * lanes);
                il.Emit(OpCodes.Shl);
                il.Emit(OpCodes.Or);
            }
        }
    }

    /// <summary>
    /// How many operations find the bits of a condition that asks only where along X an item lies, and what is uniform; 0 if it asks for
    /// anything else. Such a condition holds for a run of items, whose ends scalars find without a comparison of each.
    /// </summary>
    private int PlaceOperations(Node condition)
    {
        switch (condition)
        {
            case not null when plan.Of(condition).IsUniform:
                return 1;
            case CompareNode compare:
                return Place(compare).Limit is null ? 0 : 1;
            case UnaryNode { Operation: UnaryOperation.Not } not:
                return PlaceOperations(not.Value) is var one and > 0 ? one + 1 : 0;
            case BinaryNode { Operation: BinaryOperation.And or BinaryOperation.Or } both:
                return PlaceOperations(both.Left) is var left and > 0 && PlaceOperations(both.Right) is var right and > 0 ? left + right + 1 : 0;
            default:
                return 0;
        }
    }

    /// <summary>A comparison of the index along X with what is uniform, the index on its left; without a limit if it is another.</summary>
    private (Comparison Comparison, Node? Limit) Place(CompareNode compare)
    {
        if (IsX(compare.Left) && plan.Of(compare.Right).IsUniform)
        {
            return (compare.Comparison, compare.Right);
        }

        return IsX(compare.Right) && plan.Of(compare.Left).IsUniform
            ? (compare.Comparison switch
            {
                Comparison.Less => Comparison.Greater,
                Comparison.LessOrEqual => Comparison.GreaterOrEqual,
                Comparison.Greater => Comparison.Less,
                Comparison.GreaterOrEqual => Comparison.LessOrEqual,
                var symmetric => symmetric,
            }, compare.Left)
            : default;
    }

    private bool IsX(Node node) => program.GroupExtents.IsEmpty && node is IndexNode { Kind: IndexKind.Global, Axis: 0 };

    private void PushPlaceBits(Node condition)
    {
        switch (condition)
        {
            case not null when plan.Of(condition).IsUniform:
                PushScalar(condition);
                il.Emit(OpCodes.Conv_I8);
                il.Emit(OpCodes.Neg);
                break;
            case UnaryNode not:
                PushPlaceBits(not.Value);
                il.Emit(OpCodes.Not);
                break;
            case BinaryNode both:
                PushPlaceBits(both.Left);
                PushPlaceBits(both.Right);
                il.Emit(both.Operation == BinaryOperation.And ? OpCodes.And : OpCodes.Or);
                break;
            case CompareNode compare:
                var (comparison, limit) = Place(compare);
                PushIndex(limit!);
                il.Emit(OpCodes.Ldloc, x);
                il.Emit(OpCodes.Sub);
                if (comparison is Comparison.LessOrEqual or Comparison.Greater)
                {
                    il.Emit(OpCodes.Ldc_I8, 1L);
                    il.Emit(OpCodes.Add);
                }

                Helper(comparison is Comparison.Equal or Comparison.NotEqual ? nameof(GridHelpers.BitAt) : nameof(GridHelpers.BitsBelow));
                if (comparison is Comparison.NotEqual or Comparison.Greater or Comparison.GreaterOrEqual)
                {
                    il.Emit(OpCodes.Not);
                }

                break;
        }
    }

    /// <summary>Whether a value has a local, or would have one as far as is known yet.</summary>
    private bool IsKept(Node node) => pass < Pass.Place || ValueOf(node).IsHeld;

    private void EmitLet(LetStatement let)
    {
        var value = Define(let.Result);
        var divisor = let.Value.Right;
        if (plan.Of(let.Result).IsUniform)
        {
            PushScalar(let.Value.Left);
            PushScalar(divisor);
            scalars.Apply(let.Value);
            StoreScalar(let.Result);
            return;
        }

        var type = plan.TypeOf(let.Value);
        if (divisor is not ConstantNode { Value.Bits: not 0 })
        {
            var zero = il.DefineLabel();
            for (var copy = 0; copy < copies; copy++)
            {
                PushVector(divisor, copy);
                PushConstant(type, 0);
                operations.Apply(new(VectorCode.Equal, LaneTypes.Mask(type.Size)), type);
                operations.MaskBits(LaneTypes.Mask(type.Size));
                PushActive(copy);
                il.Emit(OpCodes.And);
                il.Emit(OpCodes.Ldc_I8, 0L);
                il.Emit(OpCodes.Bne_Un, zero);
            }

            Later(() =>
            {
                il.MarkLabel(zero);
                Helper(nameof(GridHelpers.DivideByZero));
                il.Emit(OpCodes.Throw);
            });
        }

        AddOperations(lanes);
        for (var copy = 0; copy < copies; copy++)
        {
            EmitBinary(let.Value, type, copy);
            StoreVector(value, copy);
        }
    }

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

    private void EmitYield(IReadOnlyList<VariableNode> results, IReadOnlyList<Node> yielded, Region from)
    {
        var outer = region;
        region = from;
        for (var i = 0; i < results.Count; i++)
        {
            position++;
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
        EmitAssignments(loop.Carried, loop.Initial);
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

    /// <summary>Assigns all at once: what is assigned may be among the values.</summary>
    private void EmitAssignments(IReadOnlyList<VariableNode> targets, IReadOnlyList<Node> sources)
    {
        for (var i = 0; i < targets.Count; i++)
        {
            if (!plan.Of(targets[i]).IsVarying)
            {
                PushScalar(sources[i]);
                continue;
            }

            for (var copy = 0; copy < copies; copy++)
            {
                PushAs(sources[i], targets[i], copy);
            }
        }

        for (var i = targets.Count - 1; i >= 0; i--)
        {
            var value = ValueOf(targets[i]);
            if (!plan.Of(targets[i]).IsVarying)
            {
                il.Emit(OpCodes.Stloc, ScalarLocal(value));
                continue;
            }

            for (var copy = copies - 1; copy >= 0; copy--)
            {
                StoreVector(value, copy);
            }
        }
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
        EmitLaunchField(GridLayout.Stop, typeof(int));
        il.Emit(OpCodes.Brtrue, stopped);
        Later(() =>
        {
            il.MarkLabel(stopped);
            Helper(nameof(GridHelpers.Stopped));
            il.Emit(OpCodes.Throw);
        });
    }

    private void EmitAtomic(AtomicStatement atomic)
    {
        var access = plan.Access(atomic);
        var type = plan.TypeOf(atomic.Value);
        var value = atomic.Old is { } old ? Define(old) : null;
        if (value is not null && pass == Pass.Place)
        {
            value.Definition--;
        }

        AddOperations(4 * lanes);
        for (var copy = 0; copy < copies; copy++)
        {
            PushData(0);
            PushVector(atomic.Value, copy);
            operations.Store(type);
            if (atomic.Comparand is { } comparand)
            {
                PushData(GridLayout.Comparands - GridLayout.Data);
                PushVector(comparand, copy);
                operations.Store(type);
            }

            PushScattered(access, copy);
            il.Emit(OpCodes.Ldc_I4, (int)atomic.Operation | ((int)access.Operand.Storage << 8) | (value is null ? 0 : 1 << 16));
            Helper(nameof(GridHelpers.Atomic));
            if (value is not null)
            {
                PushData(0);
                operations.Load(type);
                StoreVector(value, copy);
            }
        }
    }
}
