using System.Reflection.Emit;
using TensorCell.Kernels.Ir;
using TensorCell.Kernels.Passes;

namespace TensorCell.Kernels.Simd;

/// <summary>
/// Emits a grid program as IL in the manner of ISPC: a lane is an item, lanes lie along X, and divergent control runs under a mask of
/// active lanes. The program is walked several times: to find what it uses, to count and then to place its values, and to emit it.
/// </summary>
internal sealed unsafe partial class GridEmitter
{
    private readonly GridPlan plan;
    private readonly GridProgram program;
    private readonly int lanes;
    private readonly int copies;
    private readonly bool isMasked;
    private readonly bool isStreaming;
    private readonly Dictionary<Node, GridValue> values = new(ReferenceEqualityComparer.Instance);
    private readonly List<GridValue> order = [];
    private Pass pass;
    private ILGenerator il = null!;
    private OperationEmitter operations = null!;
    private ScalarEmitter scalars = null!;
    private GridLocals locals = null!;
    private List<Action> later = [];
    private Dictionary<(LaneType, bool, int, int), LocalBuilder> vectors = [];
    private Region? region;
    private int position;
    private LocalBuilder x = null!;
    private LocalBuilder end = null!;
    private LocalBuilder? active;
    private double turns = 1;

    private GridEmitter(GridPlan plan, int copies, bool isMasked, bool isStreaming = false)
    {
        (this.plan, this.copies, this.isMasked, this.isStreaming) = (plan, copies, isMasked, isStreaming);
        (program, lanes) = (plan.Program, plan.Lanes);
    }

    private enum Pass
    {
        Discover,
        Count,
        Place,
        Emit,
    }

    /// <summary>The most vectors alive at once, of one copy.</summary>
    public int Pressure { get; private set; }

    /// <summary>The size of the frame that the code needs.</summary>
    public int FrameBytes { get; private set; }

    /// <summary>Vector operations of one copy, those in loops once.</summary>
    public int Operations { get; private set; }

    /// <summary>As <see cref="Operations"/>, those in loops counted as often as a short loop turns.</summary>
    public double Cost { get; private set; }

    private int Items => lanes * copies;

    private long FullBits => Items == 64 ? -1 : (1L << Items) - 1;

    /// <summary>Makes the code that runs whole vectors, several in flight, and leaves the ends of a row to the other.</summary>
    /// <param name="plan">What it is made from.</param>
    /// <param name="copies">How many vectors are in flight.</param>
    /// <param name="isStreaming">Whether it stores past the caches what can be.</param>
    /// <param name="name">The name that profilers show.</param>
    public static GridBody Wide(GridPlan plan, int copies, bool isStreaming, string name) => new GridEmitter(plan, copies, false, isStreaming).Compile(name);

    /// <summary>Makes the code that runs a group.</summary>
    /// <param name="plan">What it is made from.</param>
    /// <param name="copies">How many vectors are in flight.</param>
    /// <param name="name">The name that profilers show.</param>
    /// <returns>The code, and the size of the frame it needs.</returns>
    public static (GridBody Body, int FrameBytes) Group(GridPlan plan, int copies, string name)
    {
        var emitter = new GridEmitter(plan, copies, true);
        return (emitter.Compile(name), emitter.FrameBytes);
    }

    /// <summary>Makes the code that runs any stretch of a row.</summary>
    public static GridBody Narrow(GridPlan plan, string name) => new GridEmitter(plan, 1, true).Compile(name);

    /// <summary>What the code would need of registers, and how much it would be.</summary>
    public static (int Pressure, int Operations, double Cost) Measure(GridPlan plan)
    {
        var emitter = new GridEmitter(plan, 1, false);
        emitter.Prepare();
        return (emitter.Pressure, emitter.Operations, emitter.Cost);
    }

    private GridBody Compile(string name)
    {
        Prepare();
        return Run(Pass.Emit, name).CreateDelegate<GridBody>();
    }

    private void Prepare()
    {
        Run(Pass.Discover);
        foreach (var value in order)
        {
            (value.ScalarUses, value.VectorUses, value.IsScalarUsedElsewhere, value.IsVectorUsedElsewhere) = (0, 0, false, false);
            value.IsCrossing = false;
        }

        (Operations, Cost) = (0, 0);
        Run(Pass.Count);
        Decide();
        AssignMemory();
        Run(Pass.Place);
        locals.Assign(order, value => (Schedule.Kind(plan.TypeOf(value.Node)), plan.Of(value.Node).IsUniform));
        Pressure = locals.Pressure;
    }

    private DynamicMethod Run(Pass next, string name = "")
    {
        pass = next;
        var method = new DynamicMethod(
            name,
            null,
            [typeof(byte*), typeof(byte*), typeof(int), typeof(int), typeof(int), typeof(int)],
            typeof(GridEmitter).Module,
            skipVisibility: true)
        { InitLocals = false };
        il = method.GetILGenerator(4096);
        operations = new(il, lanes);
        scalars = new(il);
        locals = new();
        later = [];
        vectors = [];
        position = 0;
        active = null;
        ResetMemory();
        foreach (var value in order)
        {
            value.Scalar = null;
        }

        x = il.DeclareLocal(typeof(long));
        end = il.DeclareLocal(typeof(long));
        if (IsGrouped)
        {
            EmitGroup();
        }
        else
        {
            EmitRow();
        }

        // What runs rarely comes last, out of the way of what runs often.
        for (var i = 0; i < later.Count; i++)
        {
            later[i]();
        }

        phase = WholeGroup;

        return method;
    }

    private void EmitRow()
    {
        var (next, done) = (il.DefineLabel(), il.DefineLabel());
        region = null;
        position++;
        il.Emit(OpCodes.Ldc_I8, 0L);
        il.Emit(OpCodes.Stloc, x);
        EmitPrologue();
        il.Emit(OpCodes.Ldarg, 4);
        il.Emit(OpCodes.Conv_I8);
        il.Emit(OpCodes.Stloc, x);
        il.Emit(OpCodes.Ldarg, 5);
        il.Emit(OpCodes.Conv_I8);
        il.Emit(OpCodes.Stloc, end);
        if (!isMasked)
        {
            EmitRange();
        }

        il.Emit(OpCodes.Ldloc, x);
        il.Emit(OpCodes.Ldloc, end);
        il.Emit(OpCodes.Bge, done);
        var start = ++position;
        il.MarkLabel(next);
        region = program.Body;
        if (isMasked)
        {
            EmitActive();
        }

        foreach (var value in order.Where(value => value.Node is IndexNode && value.Home == program.Body).ToList())
        {
            DefineBroadcast(value);
        }

        EmitRegion(program.Body);
        EmitResults();
        il.Emit(OpCodes.Ldloc, x);
        il.Emit(OpCodes.Ldc_I8, (long)Items);
        il.Emit(OpCodes.Add);
        il.Emit(OpCodes.Stloc, x);
        il.Emit(OpCodes.Ldloc, x);
        il.Emit(OpCodes.Ldloc, end);
        il.Emit(OpCodes.Blt, next);
        locals.AddLoop(start, ++position);
        il.MarkLabel(done);
        il.Emit(OpCodes.Ret);
    }

    /// <summary>The mask of the lanes that are still within the row.</summary>
    private void EmitActive()
    {
        var whole = il.DefineLabel();
        active = il.DeclareLocal(typeof(long));
        il.Emit(OpCodes.Ldc_I8, FullBits);
        il.Emit(OpCodes.Stloc, active);
        il.Emit(OpCodes.Ldloc, end);
        il.Emit(OpCodes.Ldloc, x);
        il.Emit(OpCodes.Sub);
        il.Emit(OpCodes.Ldc_I8, (long)Items);
        il.Emit(OpCodes.Bge, whole);
        il.Emit(OpCodes.Ldc_I8, 1L);
        il.Emit(OpCodes.Ldloc, end);
        il.Emit(OpCodes.Ldloc, x);
        il.Emit(OpCodes.Sub);
        il.Emit(OpCodes.Conv_I4);
        il.Emit(OpCodes.Shl);
        il.Emit(OpCodes.Ldc_I8, 1L);
        il.Emit(OpCodes.Sub);
        il.Emit(OpCodes.Stloc, active);
        il.MarkLabel(whole);
    }

    /// <summary>Computes what is the same for all items of a row.</summary>
    private void EmitPrologue()
    {
        EmitFields();
        foreach (var value in order.Where(value => value.Home is null && !Placement.IsComputed(value.Node) && value.Node is not (ConstantNode or VariableNode) && !IsOfItem(value.Node)).ToList())
        {
            if (value.IsHeldScalar || pass < Pass.Place)
            {
                EmitScalar(value.Node);
                il.Emit(OpCodes.Stloc, ScalarLocal(value));
            }

            DefineBroadcast(value);
        }

        if (IsGrouped)
        {
            return;
        }

        foreach (var step in plan.Placement.Steps(program.Body))
        {
            if (step.Node is { } node && plan.IsOfRow(node))
            {
                EmitStep(node);
            }
        }

        EmitRows();
    }

    private void EmitRegion(Region entered)
    {
        var outer = region;
        region = entered;
        foreach (var step in plan.Placement.Steps(entered))
        {
            if (step.Statement is { } statement)
            {
                EmitStatement(statement);
            }
            else if (IsGrouped || entered != program.Body || !plan.IsOfRow(step.Node!))
            {
                EmitStep(step.Node!);
            }
        }

        region = outer;
    }

    private void EmitStatement(Statement statement)
    {
        position++;
        switch (statement)
        {
            case LetStatement let:
                EmitLet(let);
                break;
            case LoadStatement load:
                EmitLoad(load);
                break;
            case StoreStatement store:
                EmitStore(store);
                break;
            case AtomicStatement atomic:
                EmitAtomic(atomic);
                break;
            case IfStatement branch when plan.Of(branch.Condition).IsUniform:
                EmitBranch(branch);
                break;
            case IfStatement branch:
                EmitDivergentBranch(branch);
                break;
            case LoopStatement loop:
                EmitLoop(loop);
                break;
            default:
                throw new NotSupportedException($"kernel {program.Name}: a barrier outside of a group");
        }
    }

    /// <summary>Whether a value is an index that differs within a group.</summary>
    private bool IsOfItem(Node node) => IsGrouped && node is IndexNode { Kind: IndexKind.Global or IndexKind.Local };

    private void AddOperations(int count)
    {
        if (pass == Pass.Count)
        {
            Operations += count;
            Cost += count * turns;
        }
    }

    /// <summary>Runs something of the present place later, where its code is out of the way.</summary>
    private void Later(Action emit)
    {
        var (here, when, mask, during) = (region, position, active, phase);
        later.Add(() =>
        {
            (region, position, active, phase) = (here, when, mask, during);
            emit();
        });
    }
}
