using System.Reflection.Emit;
using System.Runtime.Intrinsics.X86;
using TensorCell.Kernels.Ir;

namespace TensorCell.Kernels.Simd;

/// <summary>
/// Prefetching in groups. Where a loop steps over a row by the whole group of which only some items are in flight, memory is reached in an order
/// that the processor does not foresee: what the next group will reach is asked for while this one computes.
/// </summary>
internal sealed unsafe partial class GridEmitter
{
    private const int LineBytes = 64;

    private readonly Dictionary<Node, (Node Initial, long Step)> counters = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<MemoryOperand, Statement> firstStrided = new(ReferenceEqualityComparer.Instance);

    /// <summary>Takes note of the variables that grow by as much with each turn of a loop.</summary>
    private void AddCounters(LoopStatement loop)
    {
        for (var i = 0; i < loop.Carried.Length; i++)
        {
            if (loop.Next[i] is BinaryNode { Operation: BinaryOperation.Add, Right: ConstantNode by } next && next.Left == loop.Carried[i])
            {
                counters[loop.Carried[i]] = (loop.Initial[i], by.Value.Bits);
            }
        }
    }

    /// <summary>Asks for what the next group will read or write in this turn of the loop.</summary>
    /// <param name="access">A contiguous access.</param>
    /// <param name="address">Pushes the address of a copy.</param>
    private void EmitPrefetch(GridAccess access, Action<int> address)
    {
        if (!IsGrouped || !Sse.IsSupported || access.Operand is not ViewOperand || Math.Abs(StepOf(access.Indices[access.LaneDimension])) <= Items
            || firstStrided.GetValueOrDefault(access.Operand, access.Statement) != access.Statement)
        {
            return;
        }

        var dimensions = Enumerable.Range(0, access.Indices.Count).Where(d => GroupStepOf(access.Indices[d]) != 0).ToList();
        if (dimensions.Count == 0)
        {
            return;
        }

        firstStrided[access.Operand] = access.Statement;
        var next = il.DeclareLocal(typeof(byte*));
        address(0);
        foreach (var d in dimensions)
        {
            PushField(access.Operand, GridLayout.Strides + (d * sizeof(long)));
            il.Emit(OpCodes.Ldc_I8, GroupStepOf(access.Indices[d]));
            il.Emit(OpCodes.Mul);
            il.Emit(OpCodes.Conv_I);
            il.Emit(OpCodes.Add);
        }

        il.Emit(OpCodes.Stloc, next);
        for (var offset = 0; offset < Items * access.Operand.Storage.Size; offset += LineBytes)
        {
            il.Emit(OpCodes.Ldloc, next);
            il.Emit(OpCodes.Ldc_I4, offset);
            il.Emit(OpCodes.Add);
            il.Emit(OpCodes.Call, typeof(Sse).GetMethod(nameof(Sse.Prefetch0))!);
        }
    }

    /// <summary>By how much an index grows with each turn of its loop, as far as can be seen.</summary>
    private long StepOf(Node index) => index switch
    {
        BinaryNode { Operation: BinaryOperation.Add } sum => StepOf(sum.Left) + StepOf(sum.Right),
        BinaryNode { Operation: BinaryOperation.Subtract } difference => StepOf(difference.Left) - StepOf(difference.Right),
        _ => counters.GetValueOrDefault(index).Step,
    };

    /// <summary>By how much an index grows from one group to the next along X, as far as can be seen.</summary>
    private long GroupStepOf(Node index) => index switch
    {
        IndexNode { Axis: 0, Kind: IndexKind.Group } => 1,
        IndexNode { Axis: 0, Kind: IndexKind.Global } => program.GroupExtents[0],
        BinaryNode { Operation: BinaryOperation.Add } sum => GroupStepOf(sum.Left) + GroupStepOf(sum.Right),
        BinaryNode { Operation: BinaryOperation.Subtract } difference => GroupStepOf(difference.Left) - GroupStepOf(difference.Right),
        BinaryNode { Operation: BinaryOperation.Multiply, Right: ConstantNode by } product => GroupStepOf(product.Left) * by.Value.Bits,
        VariableNode when counters.TryGetValue(index, out var counter) => GroupStepOf(counter.Initial),
        _ => 0,
    };
}
