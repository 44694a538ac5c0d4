using System.Reflection.Emit;
using TensorCell.Kernels.Ir;
using TensorCell.Kernels.Passes;

namespace TensorCell.Kernels.Simd;

/// <summary>
/// Programs with groups: one thread runs a group, phase after phase, a phase being what stands between barriers and running for some vectors
/// of items after others. Values that are alive from one phase to another are kept in memory, for each item.
/// </summary>
internal sealed unsafe partial class GridEmitter
{
    /// <summary>What happens once for the group.</summary>
    private const int WholeGroup = 0;

    private int phase;
    private int lastPhase;
    private LocalBuilder? rowY;
    private LocalBuilder? rowZ;
    private LocalBuilder? turn;

    private bool IsGrouped => plan.Groups is not null;

    private int TurnsOfGroup => (program.GroupExtents[0] + Items - 1) / Items * program.GroupExtents[1] * program.GroupExtents[2];

    /// <summary>Whether a value is there for the whole group.</summary>
    private bool IsOfGroup(Node node) => plan.Groups?.IsOfGroup(node) == true;

    private void EmitGroup()
    {
        (phase, lastPhase) = (WholeGroup, WholeGroup);
        (rowY, rowZ, turn) = (il.DeclareLocal(typeof(int)), il.DeclareLocal(typeof(int)), il.DeclareLocal(typeof(long)));
        region = null;
        position++;
        EmitPrologue();
        EmitGroupRegion(program.Body);
        il.Emit(OpCodes.Ret);
    }

    private void EmitGroupRegion(Region entered)
    {
        var outer = region;
        region = entered;
        var pending = new List<Step>();
        foreach (var step in plan.Placement.Steps(entered))
        {
            switch (step.Statement)
            {
                case null when IsOfGroup(step.Node!):
                    EmitStep(step.Node!);
                    break;
                case { } statement when plan.Groups!.IsOfGroup(statement):
                    EmitStatement(statement);
                    break;
                case { } statement when plan.Groups!.HasBarrier(statement):
                    EmitPhase(entered, pending);
                    position++;
                    EmitGroupStatement(statement);
                    break;
                default:
                    pending.Add(step);
                    break;
            }
        }

        EmitPhase(entered, pending);
        region = outer;
    }

    private void EmitGroupStatement(Statement statement)
    {
        if (statement is IfStatement branch)
        {
            var (otherwise, done) = (il.DefineLabel(), il.DefineLabel());
            PushScalar(branch.Condition);
            il.Emit(OpCodes.Brfalse, otherwise);
            Declare(branch.Results);
            EmitGroupRegion(branch.Then);
            EmitGroupAssignments(branch.Then, branch.Results, branch.ThenValues);
            il.Emit(OpCodes.Br, done);
            il.MarkLabel(otherwise);
            EmitGroupRegion(branch.Else);
            EmitGroupAssignments(branch.Else, branch.Results, branch.ElseValues);
            il.MarkLabel(done);
            Spread(branch.Results);
        }
        else if (statement is LoopStatement loop)
        {
            EmitGroupLoop(loop);
        }
    }

    private void EmitGroupLoop(LoopStatement loop)
    {
        var outer = region!;
        region = loop.Body;
        Declare(loop.Carried);
        region = outer;
        EmitGroupAssignments(outer, loop.Carried, loop.Initial);
        var start = ++position;
        var (next, leave) = (il.DefineLabel(), il.DefineLabel());
        il.MarkLabel(next);
        EmitStopCheck();
        region = loop.Body;
        Spread(loop.Carried);
        turns *= AssumedTurns;
        EmitGroupRegion(loop.Body);
        region = loop.Body;
        position++;
        PushScalar(loop.Repeat);
        il.Emit(OpCodes.Brfalse, leave);
        EmitGroupAssignments(loop.Body, loop.Carried, loop.Next);
        il.Emit(OpCodes.Br, next);
        il.MarkLabel(leave);
        turns /= AssumedTurns;
        region = outer;
        Declare(loop.Results);
        EmitGroupAssignments(loop.Body, loop.Results, loop.ResultValues);
        locals.AddLoop(start, ++position);
        region = outer;
        Spread(loop.Results);
    }

    /// <summary>Says that variables are assigned from here on: for the group, or in memory for each item.</summary>
    private void Declare(IReadOnlyList<VariableNode> variables)
    {
        foreach (var variable in variables)
        {
            var value = Define(variable);
            value.Phase = IsOfGroup(variable) ? WholeGroup : -1;
            value.IsCrossing |= !IsOfGroup(variable);
        }
    }

    /// <summary>After variables of the group were assigned in several places: spreads them.</summary>
    private void Spread(IReadOnlyList<VariableNode> variables)
    {
        position++;
        foreach (var variable in variables.Where(IsOfGroup))
        {
            DefineUniform(variable);
        }
    }

    /// <summary>Assigns all at once: first what is the group's own, then, item by item, what is not; it may not read what the first assigned.</summary>
    private void EmitGroupAssignments(Region from, IReadOnlyList<VariableNode> targets, IReadOnlyList<Node> sources)
    {
        var outer = region;
        region = from;
        position++;
        int[] mine = [.. Enumerable.Range(0, targets.Count).Where(i => !IsOfGroup(targets[i]))];
        if (mine.Length > 0)
        {
            EmitPhase(null, () =>
            {
                foreach (var i in mine)
                {
                    for (var copy = 0; copy < CopiesOf(targets[i]); copy++)
                    {
                        if (plan.Of(targets[i]).IsVarying)
                        {
                            PushAs(sources[i], targets[i], copy);
                        }
                        else
                        {
                            PushScalar(sources[i]);
                        }
                    }
                }

                foreach (var i in mine.Reverse())
                {
                    for (var copy = CopiesOf(targets[i]) - 1; copy >= 0; copy--)
                    {
                        PopToMemory(ValueOf(targets[i]), copy);
                    }
                }
            });
        }

        int[] common = [.. Enumerable.Range(0, targets.Count).Where(i => IsOfGroup(targets[i]))];
        foreach (var i in common)
        {
            PushScalar(sources[i]);
        }

        foreach (var i in common.Reverse())
        {
            il.Emit(OpCodes.Stloc, ScalarLocal(ValueOf(targets[i])));
        }

        region = outer;
    }

    private void EmitPhase(Region entered, List<Step> steps)
    {
        if (steps.Count == 0)
        {
            return;
        }

        Step[] mine = [.. steps];
        steps.Clear();
        EmitPhase(LimitOf(mine), () =>
        {
            region = entered;
            foreach (var step in mine)
            {
                if (step.Statement is { } statement)
                {
                    EmitStatement(statement);
                }
                else
                {
                    EmitStep(step.Node!);
                }
            }
        });
    }

    /// <summary>
    /// What the local index must be below for a phase to do anything, where that is the same for the whole group and the phase is one branch
    /// that asks for it: as in the last steps of a tree, of which only the first items have a part.
    /// </summary>
    private Node? LimitOf(Step[] steps)
    {
        if (program.GroupExtents[1] * program.GroupExtents[2] != 1 || pass < Pass.Place
            || steps.Any(step => step.Node is { } node && ValueOf(node).IsCrossing)
            || steps.Count(step => step.Statement is not null) != 1
            || Array.Find(steps, step => step.Statement is not null).Statement is not IfStatement { Results.IsEmpty: true } branch
            || !IsEmpty(branch.Else))
        {
            return null;
        }

        return LimitOf(branch.Condition, holds: true);
    }

    private Node? LimitOf(Node condition, bool holds) => condition switch
    {
        UnaryNode { Operation: UnaryOperation.Not } not => LimitOf(not.Value, !holds),
        BinaryNode { Operation: BinaryOperation.And } both when holds => LimitOf(both.Left, true) ?? LimitOf(both.Right, true),
        CompareNode compare when Place(compare) is (var comparison, { } limit) && IsOfGroup(limit)
            && comparison == (holds ? Comparison.Less : Comparison.GreaterOrEqual) => limit,
        _ => null,
    };

    /// <summary>Runs something for some vectors of items after others.</summary>
    /// <param name="bound">What the local index must be below, or null.</param>
    /// <param name="body">What is run.</param>
    private void EmitPhase(Node? bound, Action body)
    {
        LocalBuilder? most = null;
        if (bound is not null)
        {
            most = il.DeclareLocal(typeof(long));
            PushIndex(bound);
            il.Emit(OpCodes.Ldc_I8, (long)program.GroupExtents[0]);
            il.Emit(OpCodes.Call, typeof(Math).GetMethod("Min", [typeof(long), typeof(long)])!);
            il.Emit(OpCodes.Stloc, most);
        }

        phase = ++lastPhase;
        var start = ++position;
        Set(turn!, 0);
        Repeat(rowZ!, program.GroupExtents[2], () => Repeat(rowY!, program.GroupExtents[1], () =>
        {
            var (next, done) = (il.DefineLabel(), il.DefineLabel());
            il.Emit(OpCodes.Ldc_I8, 0L);
            il.Emit(OpCodes.Stloc, x);
            if (most is not null)
            {
                il.Emit(OpCodes.Ldloc, x);
                il.Emit(OpCodes.Ldloc, most);
                il.Emit(OpCodes.Bge, done);
            }

            il.MarkLabel(next);
            if (program.GroupExtents[0] % Items != 0)
            {
                il.Emit(OpCodes.Ldc_I8, (long)program.GroupExtents[0]);
                il.Emit(OpCodes.Stloc, end);
                EmitActive();
            }

            body();
            active = null;
            Increment(x, Items);
            Increment(turn!, 1);
            il.Emit(OpCodes.Ldloc, x);
            if (most is not null)
            {
                il.Emit(OpCodes.Ldloc, most);
            }
            else
            {
                il.Emit(OpCodes.Ldc_I8, (long)program.GroupExtents[0]);
            }

            il.Emit(OpCodes.Blt, next);
            il.MarkLabel(done);
        }));
        phase = WholeGroup;
        locals.AddLoop(start, ++position);
    }

    private void Set(LocalBuilder local, long value)
    {
        il.Emit(OpCodes.Ldc_I8, value);
        if (local.LocalType == typeof(int))
        {
            il.Emit(OpCodes.Conv_I4);
        }

        il.Emit(OpCodes.Stloc, local);
    }

    private void Increment(LocalBuilder local, int by)
    {
        il.Emit(OpCodes.Ldloc, local);
        il.Emit(OpCodes.Ldc_I4, by);
        if (local.LocalType == typeof(long))
        {
            il.Emit(OpCodes.Conv_I8);
        }

        il.Emit(OpCodes.Add);
        il.Emit(OpCodes.Stloc, local);
    }

    private void Repeat(LocalBuilder counter, int count, Action body)
    {
        var next = il.DefineLabel();
        Set(counter, 0);
        il.MarkLabel(next);
        body();
        Increment(counter, 1);
        il.Emit(OpCodes.Ldloc, counter);
        il.Emit(OpCodes.Ldc_I4, count);
        il.Emit(OpCodes.Blt, next);
    }

    /// <summary>Pushes an index of an item of a group.</summary>
    private void EmitGroupIndex(IndexNode index)
    {
        if (index.Kind is IndexKind.Global or IndexKind.Local)
        {
            il.Emit(OpCodes.Ldloc, index.Axis switch
            {
                0 => x,
                1 => rowY!,
                _ => rowZ!,
            });
            il.Emit(OpCodes.Conv_I4);
        }

        if (index.Kind != IndexKind.Local)
        {
            il.Emit(OpCodes.Ldarg, 4 - index.Axis);
        }

        if (index.Kind == IndexKind.Global)
        {
            il.Emit(OpCodes.Ldc_I4, program.GroupExtents[index.Axis]);
            il.Emit(OpCodes.Mul);
            il.Emit(OpCodes.Add);
        }
    }

    /// <summary>Gives a place in the frame to each value that is alive from one phase to another.</summary>
    private void AssignMemory()
    {
        if (!IsGrouped)
        {
            return;
        }

        FrameBytes = plan.Layout.FrameBytes;
        foreach (var value in order.Where(value => value.IsCrossing))
        {
            value.Memory = FrameBytes;
            FrameBytes = GridLayout.Aligned(FrameBytes + (TurnsOfGroup * MemoryBytes(value)));
        }
    }

    /// <summary>How many copies there are of a value that crosses phases: what is varying differs between them, of the others the first tells all.</summary>
    private int CopiesOf(Node node) => plan.Of(node).IsVarying ? copies : 1;

    /// <summary>Bytes of what a turn keeps of a value.</summary>
    private int MemoryBytes(GridValue value) => plan.Of(value.Node).IsVarying ? Items * plan.TypeOf(value.Node).Size : sizeof(long);

    private void PushMemory(GridValue value, int copy)
    {
        il.Emit(OpCodes.Ldarg_1);
        il.Emit(OpCodes.Ldloc, turn!);
        il.Emit(OpCodes.Ldc_I8, (long)MemoryBytes(value));
        il.Emit(OpCodes.Mul);
        il.Emit(OpCodes.Conv_I);
        il.Emit(OpCodes.Add);
        il.Emit(OpCodes.Ldc_I4, value.Memory + (copy * lanes * plan.TypeOf(value.Node).Size));
        il.Emit(OpCodes.Add);
    }

    /// <summary>Whether a value has to be read from memory here.</summary>
    private bool IsElsewhere(GridValue value) => value.IsCrossing && value.Phase != phase;

    private void LoadFromMemory(GridValue value, int copy = 0)
    {
        PushMemory(value, copy);
        if (plan.Of(value.Node).IsVarying)
        {
            operations.Load(plan.TypeOf(value.Node));
        }
        else
        {
            il.Emit(OpCodes.Ldobj, ScalarEmitter.TypeOf(value.Node.Type));
        }
    }

    /// <summary>Pops a value to its place in memory.</summary>
    private void PopToMemory(GridValue value, int copy = 0)
    {
        var isVarying = plan.Of(value.Node).IsVarying;
        var temporary = il.DeclareLocal(isVarying ? operations.VectorOf(Schedule.Kind(plan.TypeOf(value.Node))) : ScalarEmitter.TypeOf(value.Node.Type));
        il.Emit(OpCodes.Stloc, temporary);
        PushMemory(value, copy);
        il.Emit(OpCodes.Ldloc, temporary);
        if (isVarying)
        {
            operations.Store(plan.TypeOf(value.Node));
        }
        else
        {
            il.Emit(OpCodes.Stobj, temporary.LocalType);
        }
    }
}
