using System.Reflection;
using System.Reflection.Emit;
using TensorCell.Kernels.Ir;

namespace TensorCell.Kernels.Simd;

/// <summary>Loads, stores and results.</summary>
internal sealed unsafe partial class GridEmitter
{
    private readonly List<(MemoryOperand Operand, int Offset)> fields = [];
    private readonly List<Row> rows = [];
    private readonly List<GridAccess> ranged = [];
    private Dictionary<(MemoryOperand, int), LocalBuilder> fieldLocals = [];
    private LocalBuilder?[] rowLocals = [];

    private void ResetMemory()
    {
        fieldLocals = [];
        rowLocals = new LocalBuilder?[rows.Count];
    }

    /// <summary>Pushes one of the numbers of a view's block.</summary>
    private void PushField(MemoryOperand operand, int offset)
    {
        if (operand is SharedOperand shared)
        {
            PushSharedField(shared, offset);
            return;
        }

        if (fieldLocals.TryGetValue((operand, offset), out var local))
        {
            il.Emit(OpCodes.Ldloc, local);
            return;
        }

        if (!fields.Contains((operand, offset)))
        {
            fields.Add((operand, offset));
        }

        EmitLaunchField(plan.Layout.Views + (((ViewOperand)operand).Index * GridLayout.ViewBytes) + offset, typeof(long));
    }

    private void PushSharedField(SharedOperand shared, int offset)
    {
        if (offset == GridLayout.Address)
        {
            il.Emit(OpCodes.Ldarg_1);
            il.Emit(OpCodes.Ldc_I4, plan.Layout.Shared[shared.Index]);
            il.Emit(OpCodes.Add);
            il.Emit(OpCodes.Conv_I8);
        }
        else if (offset < GridLayout.Strides)
        {
            il.Emit(OpCodes.Ldc_I8, (long)shared.Lengths[(offset - GridLayout.Lengths) / sizeof(long)]);
        }
        else
        {
            long stride = shared.Storage.Size;
            for (var d = shared.Rank - 1; d > (offset - GridLayout.Strides) / sizeof(long); d--)
            {
                stride *= shared.Lengths[d];
            }

            il.Emit(OpCodes.Ldc_I8, stride);
        }
    }

    /// <summary>Pushes the address of a view's block.</summary>
    private void PushBlock(MemoryOperand operand)
    {
        if (operand is SharedOperand shared)
        {
            il.Emit(OpCodes.Ldarg_1);
            il.Emit(OpCodes.Ldc_I4, GridLayout.SharedBlocks + (shared.Index * GridLayout.ViewBytes));
        }
        else
        {
            il.Emit(OpCodes.Ldarg_0);
            il.Emit(OpCodes.Ldc_I4, plan.Layout.Views + (((ViewOperand)operand).Index * GridLayout.ViewBytes));
        }

        il.Emit(OpCodes.Add);
    }

    private void EmitFields()
    {
        foreach (var (operand, offset) in fields.ToArray())
        {
            var local = il.DeclareLocal(typeof(long));
            PushField(operand, offset);
            il.Emit(OpCodes.Stloc, local);
            fieldLocals.Add((operand, offset), local);
        }
    }

    /// <summary>Computes where the rows that accesses go along begin: as of an item whose index along X is 0.</summary>
    private void EmitRows()
    {
        for (var i = 0; i < rowLocals.Length; i++)
        {
            var row = rows[i];
            var local = il.DeclareLocal(typeof(long));
            PushOuterAddress(row.Access);
            if (row.HasOffset)
            {
                PushIndex(row.Access.Indices[row.Access.LaneDimension]);
                il.Emit(OpCodes.Ldc_I8, (long)row.Access.Operand.Storage.Size);
                il.Emit(OpCodes.Mul);
                il.Emit(OpCodes.Add);
            }

            il.Emit(OpCodes.Stloc, local);
            rowLocals[i] = local;
        }
    }

    /// <summary>Narrows the stretch to where all accesses along the row are in range, and to whole steps; the rest is left to the narrow code.</summary>
    private void EmitRange()
    {
        var (low, high) = (il.DeclareLocal(typeof(long)), il.DeclareLocal(typeof(long)));
        il.Emit(OpCodes.Ldc_I8, 0L);
        il.Emit(OpCodes.Stloc, low);
        il.Emit(OpCodes.Ldc_I8, (long)int.MaxValue);
        il.Emit(OpCodes.Stloc, high);
        var first = x;
        // An index as of item 0 is how far the row is shifted against the view.
        x = il.DeclareLocal(typeof(long));
        il.Emit(OpCodes.Ldc_I8, 0L);
        il.Emit(OpCodes.Stloc, x);
        foreach (var access in ranged)
        {
            EmitRange(access, low, high);
        }

        x = first;
        Bound("Max", x, low);

        // Rows mostly begin at a cache line: vectors that begin anywhere else would straddle two.
        il.Emit(OpCodes.Ldloc, x);
        il.Emit(OpCodes.Ldc_I8, lanes - 1L);
        il.Emit(OpCodes.Add);
        il.Emit(OpCodes.Ldc_I8, -(long)lanes);
        il.Emit(OpCodes.And);
        il.Emit(OpCodes.Stloc, x);
        Bound("Min", end, high);
        il.Emit(OpCodes.Ldloc, x);
        il.Emit(OpCodes.Ldloc, end);
        il.Emit(OpCodes.Ldloc, x);
        il.Emit(OpCodes.Sub);
        il.Emit(OpCodes.Ldc_I8, 0L);
        il.Emit(OpCodes.Call, typeof(Math).GetMethod("Max", [typeof(long), typeof(long)])!);
        il.Emit(OpCodes.Ldc_I8, -(long)Items);
        il.Emit(OpCodes.And);
        il.Emit(OpCodes.Add);
        il.Emit(OpCodes.Stloc, end);
        StoreFrame(GridLayout.Begin, x);
        StoreFrame(GridLayout.End, end);
    }

    private void StoreFrame(int offset, LocalBuilder value)
    {
        il.Emit(OpCodes.Ldarg_1);
        il.Emit(OpCodes.Ldc_I4, offset);
        il.Emit(OpCodes.Add);
        il.Emit(OpCodes.Ldloc, value);
        il.Emit(OpCodes.Stind_I8);
    }

    private void Bound(string method, LocalBuilder value, LocalBuilder bound)
    {
        il.Emit(OpCodes.Ldloc, value);
        il.Emit(OpCodes.Ldloc, bound);
        il.Emit(OpCodes.Call, typeof(Math).GetMethod(method, [typeof(long), typeof(long)])!);
        il.Emit(OpCodes.Stloc, value);
    }

    private void EmitRange(GridAccess access, LocalBuilder low, LocalBuilder high)
    {
        var inside = il.DefineLabel();
        var shift = il.DeclareLocal(typeof(long));
        PushIndex(access.Indices[access.LaneDimension]);
        il.Emit(OpCodes.Stloc, shift);
        il.Emit(OpCodes.Ldloc, low);
        il.Emit(OpCodes.Ldloc, shift);
        il.Emit(OpCodes.Neg);
        il.Emit(OpCodes.Call, typeof(Math).GetMethod("Max", [typeof(long), typeof(long)])!);
        il.Emit(OpCodes.Stloc, low);
        il.Emit(OpCodes.Ldloc, high);
        PushField(access.Operand, GridLayout.Lengths + (access.LaneDimension * sizeof(long)));
        il.Emit(OpCodes.Ldloc, shift);
        il.Emit(OpCodes.Sub);
        il.Emit(OpCodes.Call, typeof(Math).GetMethod("Min", [typeof(long), typeof(long)])!);
        il.Emit(OpCodes.Stloc, high);
        if (!IsRowKnown(access))
        {
            return;
        }

        // A row that is out of range altogether is left to the narrow code too, which knows whether it is reached at all.
        var outside = il.DefineLabel();
        for (var d = 0; d < access.Indices.Count; d++)
        {
            if (d != access.LaneDimension)
            {
                PushIndex(access.Indices[d]);
                PushField(access.Operand, GridLayout.Lengths + (d * sizeof(long)));
                il.Emit(OpCodes.Bge_Un, outside);
            }
        }

        il.Emit(OpCodes.Br, inside);
        il.MarkLabel(outside);
        il.Emit(OpCodes.Ldc_I8, -1L);
        il.Emit(OpCodes.Stloc, high);
        il.MarkLabel(inside);
    }

    /// <summary>Whether the index along X is that of the item, shifted by what is the same for the whole row.</summary>
    private bool IsAlongRow(GridAccess access) => !IsGrouped && access.Kind == GridAccessKind.Contiguous && plan.IsFree(access.Indices[access.LaneDimension]);

    /// <summary>Whether all other indices are the same for the whole row.</summary>
    private bool IsRowKnown(GridAccess access) => Enumerable.Range(0, access.Indices.Count)
        .All(d => d == access.LaneDimension || plan.IsOfRow(access.Indices[d]));

    /// <summary>Pushes an index as an i64.</summary>
    private void PushIndex(Node index)
    {
        PushScalar(index);
        if (index.Type == DType.Int32)
        {
            il.Emit(OpCodes.Conv_I8);
        }
    }

    /// <summary>Pushes the address of the view plus what all indices but that along the lanes add to it.</summary>
    private void PushOuterAddress(GridAccess access)
    {
        PushField(access.Operand, GridLayout.Address);
        for (var d = 0; d < access.Indices.Count; d++)
        {
            if (access.Kind == GridAccessKind.Contiguous && d == access.LaneDimension)
            {
                continue;
            }

            PushIndex(access.Indices[d]);
            if (access.Operand is SharedOperand && d == access.Operand.Rank - 1)
            {
                il.Emit(OpCodes.Ldc_I8, (long)access.Operand.Storage.Size);
            }
            else
            {
                PushField(access.Operand, GridLayout.Strides + (d * sizeof(long)));
            }

            il.Emit(OpCodes.Mul);
            il.Emit(OpCodes.Add);
        }
    }

    /// <summary>Branches where an index other than that along the lanes is out of range.</summary>
    private void EmitOuterChecks(GridAccess access, Label outside)
    {
        for (var d = 0; access.IsChecked && d < access.Indices.Count; d++)
        {
            if (access.Kind != GridAccessKind.Contiguous || d != access.LaneDimension)
            {
                PushIndex(access.Indices[d]);
                PushField(access.Operand, GridLayout.Lengths + (d * sizeof(long)));
                il.Emit(OpCodes.Bge_Un, outside);
            }
        }
    }

    /// <summary>Pushes what helpers are told of an access that is uniform or contiguous.</summary>
    private void PushAccess(GridAccess access, bool withBits)
    {
        PushBlock(access.Operand);
        if (withBits)
        {
            il.Emit(OpCodes.Ldarg_1);
        }

        il.Emit(OpCodes.Ldc_I4, access.Number);
        il.Emit(OpCodes.Ldc_I4, access.Shape(Items));
        if (withBits)
        {
            PushActive();
        }

        for (var d = 0; d < 4; d++)
        {
            if (d < access.Indices.Count)
            {
                PushIndex(access.Indices[d]);
            }
            else
            {
                il.Emit(OpCodes.Ldc_I8, 0L);
            }
        }
    }

    private void Helper(string name) => il.Emit(OpCodes.Call, typeof(GridHelpers).GetMethod(name, BindingFlags.Public | BindingFlags.Static)!);

    /// <summary>Where to go with an access out of range whose lanes all mean the same place.</summary>
    private Label Fault(GridAccess access)
    {
        var label = il.DefineLabel();
        Later(() =>
        {
            il.MarkLabel(label);
            PushAccess(access, withBits: false);
            Helper(nameof(GridHelpers.Fault));
            il.Emit(OpCodes.Throw);
        });
        return label;
    }

    private void EmitLoad(LoadStatement load)
    {
        var access = plan.Access(load);
        switch (access.Kind)
        {
            case GridAccessKind.Uniform:
                if (access.IsChecked)
                {
                    EmitOuterChecks(access, Fault(access));
                }

                Define(load.Result);
                PushOuterAddress(access);
                il.Emit(OpCodes.Conv_I);
                scalars.Load(load.Source.Storage);
                StoreScalar(load.Result);
                break;
            case GridAccessKind.Contiguous:
                EmitContiguousLoad(load, access);
                break;
            default:
                EmitGather(load, access);
                break;
        }
    }

    private void EmitContiguousLoad(LoadStatement load, GridAccess access)
    {
        var storage = load.Source.Storage;
        var type = plan.TypeOf(load.Result);
        // Lanes that are not active may mean any place: a whole vector is read only where all of it is in range.
        var address = EmitContiguousAddress(access, access.IsChecked || active is not null, (slow, back, place) => Later(() =>
        {
            il.MarkLabel(slow);
            PushAccess(access, withBits: true);
            Helper(nameof(GridHelpers.LoadEdge));
            il.Emit(OpCodes.Conv_I8);
            il.Emit(OpCodes.Stloc, place);
            il.Emit(OpCodes.Br, back);
        }));
        var value = Define(load.Result);
        AddOperations(1);
        for (var copy = 0; copy < copies; copy++)
        {
            address(copy);
            operations.Load(storage, type);
            StoreVector(value, copy);
        }
    }

    /// <summary>
    /// Checks a contiguous access, and returns what pushes the address of each copy. Where elements can lie outside of the view, code goes the
    /// slow way, told to <paramref name="slow"/>: the label to mark, where to come back to, and the local for the address to go on with.
    /// </summary>
    private Action<int> EmitContiguousAddress(GridAccess access, bool mustCheck, Action<Label, Label, LocalBuilder> slow)
    {
        var size = access.Operand.Storage.Size;
        var index = access.Indices[access.LaneDimension];
        var isRanged = !isMasked && IsAlongRow(access);
        if (isRanged || !mustCheck)
        {
            if (mustCheck && !ranged.Contains(access))
            {
                ranged.Add(access);
            }

            if (IsAlongRow(access) && IsRowKnown(access))
            {
                return RowAddress(access);
            }

            if (access.IsChecked)
            {
                EmitOuterChecks(access, Fault(access));
            }
        }

        var place = il.DeclareLocal(typeof(long));
        PushOuterAddress(access);
        PushIndex(index);
        il.Emit(OpCodes.Ldc_I8, (long)size);
        il.Emit(OpCodes.Mul);
        il.Emit(OpCodes.Add);
        il.Emit(OpCodes.Stloc, place);
        if (mustCheck && !isRanged)
        {
            var (outside, back) = (il.DefineLabel(), il.DefineLabel());
            EmitOuterChecks(access, outside);
            PushIndex(index);
            PushLimit(access, Items);
            il.Emit(OpCodes.Bge_Un, outside);
            il.MarkLabel(back);
            slow(outside, back, place);
        }

        return copy =>
        {
            il.Emit(OpCodes.Ldloc, place);
            if (copy > 0)
            {
                il.Emit(OpCodes.Ldc_I8, (long)copy * lanes * size);
                il.Emit(OpCodes.Add);
            }

            il.Emit(OpCodes.Conv_I);
        };
    }

    /// <summary>Pushes what an index along the lanes must be below for all items to be in range.</summary>
    private void PushLimit(GridAccess access, int items)
    {
        PushField(access.Operand, GridLayout.Lengths + (access.LaneDimension * sizeof(long)));
        il.Emit(OpCodes.Ldc_I8, items - 1L);
        il.Emit(OpCodes.Sub);
        il.Emit(OpCodes.Ldc_I8, 0L);
        il.Emit(OpCodes.Call, typeof(Math).GetMethod("Max", [typeof(long), typeof(long)])!);
    }

    /// <summary>The address along a row whose beginning was computed before: base, index and constant, which the processor adds for nothing.</summary>
    private Action<int> RowAddress(GridAccess access)
    {
        var size = access.Operand.Storage.Size;
        var index = access.Indices[access.LaneDimension];
        var shift = ConstantShift(index);
        var number = rows.FindIndex(row => row.Fits(access, shift is null));
        if (number < 0)
        {
            number = rows.Count;
            rows.Add(new(access, shift is null));
        }

        return copy =>
        {
            if (number < rowLocals.Length && rowLocals[number] is { } local)
            {
                il.Emit(OpCodes.Ldloc, local);
            }
            else
            {
                il.Emit(OpCodes.Ldc_I8, 0L);
            }

            il.Emit(OpCodes.Ldloc, x);
            il.Emit(OpCodes.Ldc_I8, (long)size);
            il.Emit(OpCodes.Mul);
            il.Emit(OpCodes.Add);
            il.Emit(OpCodes.Ldc_I8, ((shift ?? 0) + ((long)copy * lanes)) * size);
            il.Emit(OpCodes.Add);
            il.Emit(OpCodes.Conv_I);
        };
    }

    /// <summary>How far an index is from that of the item, if that is compiled in.</summary>
    private static long? ConstantShift(Node index) => index switch
    {
        IndexNode => 0,
        ConvertNode { Value: IndexNode } => 0,
        BinaryNode { Operation: BinaryOperation.Add, Left: IndexNode, Right: ConstantNode constant } => constant.Value.Bits,
        BinaryNode { Operation: BinaryOperation.Subtract, Left: IndexNode, Right: ConstantNode constant } => -constant.Value.Bits,
        _ => null,
    };

    /// <summary>Pushes the mask of active lanes.</summary>
    private void PushActive()
    {
        if (active is { } mask)
        {
            il.Emit(OpCodes.Ldloc, mask);
        }
        else
        {
            il.Emit(OpCodes.Ldc_I8, FullBits);
        }
    }

    /// <summary>Pushes the mask of one copy's active lanes.</summary>
    private void PushActive(int copy)
    {
        PushActive();
        if (copies > 1)
        {
            il.Emit(OpCodes.Ldc_I4, copy * lanes);
            il.Emit(OpCodes.Shr_Un);
            il.Emit(OpCodes.Ldc_I8, (1L << lanes) - 1);
            il.Emit(OpCodes.And);
        }
    }

    /// <summary>Writes the indices of one copy to the frame, and pushes what helpers are told.</summary>
    private void PushScattered(GridAccess access, int copy)
    {
        var shape = access.Indices.Count | (lanes << 16) | (access.IsChecked ? 0 : GridAccess.UncheckedBit);
        for (var d = 0; d < access.Indices.Count; d++)
        {
            var index = access.Indices[d];
            il.Emit(OpCodes.Ldarg_1);
            il.Emit(OpCodes.Ldc_I4, GridLayout.Indices + (d * GridLayout.IndexBytes));
            il.Emit(OpCodes.Add);
            if (plan.Of(index).IsUniform)
            {
                PushIndex(index);
                il.Emit(OpCodes.Stind_I8);
            }
            else
            {
                PushVector(index, copy);
                operations.Store(plan.TypeOf(index));
                shape |= (index.Type == DType.Int32 ? 1 : 2) << (4 + (2 * d));
            }
        }

        PushBlock(access.Operand);
        il.Emit(OpCodes.Ldarg_1);
        il.Emit(OpCodes.Ldc_I4, access.Number);
        il.Emit(OpCodes.Ldc_I4, shape);
        PushActive(copy);
    }

    private void EmitGather(LoadStatement load, GridAccess access)
    {
        var type = plan.TypeOf(load.Result);
        var value = Define(load.Result);
        if (pass == Pass.Place)
        {
            // Copies before the last are written before the last one's indices are read.
            value.Definition--;
        }

        AddOperations(lanes);
        for (var copy = 0; copy < copies; copy++)
        {
            if (MayBeContiguous(access) is { } contiguous)
            {
                EmitGatherOrLoad(access, contiguous, copy);
            }
            else
            {
                PushScattered(access, copy);
                Helper(nameof(GridHelpers.Gather));
            }

            operations.Load(load.Source.Storage, type);
            StoreVector(value, copy);
        }
    }

    /// <summary>
    /// The access as if its lanes lay side by side, where they may turn out to: an index that is clamped, wraps around or is chosen mostly
    /// differs from its neighbour's by one.
    /// </summary>
    private GridAccess? MayBeContiguous(GridAccess access)
    {
        var unit = plan.UnitDimension(access.Operand);
        for (var d = 0; d < access.Indices.Count; d++)
        {
            if (d == unit ? !plan.Of(access.Indices[d]).IsVarying : !plan.Of(access.Indices[d]).IsUniform)
            {
                return null;
            }
        }

        return unit < 0 ? null : access with { Kind = GridAccessKind.Contiguous, LaneDimension = unit };
    }

    /// <summary>Pushes where the elements of one copy lie side by side: in the view, if they do there, else gathered.</summary>
    private void EmitGatherOrLoad(GridAccess access, GridAccess contiguous, int copy)
    {
        var index = access.Indices[contiguous.LaneDimension];
        var type = plan.TypeOf(index);
        var mask = LaneTypes.Mask(type.Size);
        var (place, first) = (il.DeclareLocal(typeof(long)), il.DeclareLocal(ScalarEmitter.TypeOf(index.Type)));
        var (apart, back) = (il.DefineLabel(), il.DefineLabel());
        PushVector(index, copy);
        operations.FirstLane(type);
        il.Emit(OpCodes.Stloc, first);
        PushVector(index, copy);
        il.Emit(OpCodes.Ldloc, first);
        operations.Broadcast(type);
        operations.Sequence(type, 0, 1);
        operations.Apply(new(VectorCode.Add, type), type);
        operations.Apply(new(VectorCode.Equal, mask), type);
        operations.MaskBits(mask);
        il.Emit(OpCodes.Ldc_I8, (1L << lanes) - 1);
        il.Emit(OpCodes.Bne_Un, apart);
        EmitOuterChecks(contiguous, apart);
        il.Emit(OpCodes.Ldloc, first);
        il.Emit(OpCodes.Conv_I8);
        PushLimit(contiguous, lanes);
        il.Emit(OpCodes.Bge_Un, apart);
        PushOuterAddress(contiguous);
        il.Emit(OpCodes.Ldloc, first);
        il.Emit(OpCodes.Conv_I8);
        il.Emit(OpCodes.Ldc_I8, (long)access.Operand.Storage.Size);
        il.Emit(OpCodes.Mul);
        il.Emit(OpCodes.Add);
        il.Emit(OpCodes.Stloc, place);
        il.MarkLabel(back);
        il.Emit(OpCodes.Ldloc, place);
        il.Emit(OpCodes.Conv_I);
        Later(() =>
        {
            il.MarkLabel(apart);
            PushScattered(access, copy);
            Helper(nameof(GridHelpers.Gather));
            il.Emit(OpCodes.Conv_I8);
            il.Emit(OpCodes.Stloc, place);
            il.Emit(OpCodes.Br, back);
        });
    }

    private void PushData(int offset)
    {
        il.Emit(OpCodes.Ldarg_1);
        il.Emit(OpCodes.Ldc_I4, GridLayout.Data + offset);
        il.Emit(OpCodes.Add);
    }

    private void EmitStore(StoreStatement store)
    {
        var access = plan.Access(store);
        var storage = store.Target.Storage;
        AddOperations(1);
        switch (access.Kind)
        {
            case GridAccessKind.Uniform when plan.Of(store.Value).IsUniform:
                if (access.IsChecked)
                {
                    EmitOuterChecks(access, Fault(access));
                }

                PushOuterAddress(access);
                il.Emit(OpCodes.Conv_I);
                PushScalar(store.Value);
                scalars.Store(storage);
                break;
            case GridAccessKind.Contiguous:
                EmitContiguousStore(store, access);
                break;
            default:
                for (var copy = 0; copy < copies; copy++)
                {
                    PushData(0);
                    PushVector(store.Value, copy);
                    operations.Store(storage, plan.TypeOf(store.Value));
                    PushScattered(access, copy);
                    Helper(nameof(GridHelpers.Scatter));
                }

                break;
        }
    }

    private void EmitContiguousStore(StoreStatement store, GridAccess access)
    {
        var storage = store.Target.Storage;
        var type = plan.TypeOf(store.Value);
        var (partly, done) = (il.DefineLabel(), il.DefineLabel());
        void Slow(Label label) => Later(() =>
        {
            il.MarkLabel(label);
            for (var copy = 0; copy < copies; copy++)
            {
                PushData(copy * lanes * storage.Size);
                PushVector(store.Value, copy);
                operations.Store(storage, type);
            }

            PushAccess(access, withBits: true);
            Helper(nameof(GridHelpers.StoreEdge));
            il.Emit(OpCodes.Br, done);
        });
        var address = EmitContiguousAddress(access, access.IsChecked, (outside, back, _) => Slow(outside));
        if (active is not null)
        {
            PushActive();
            il.Emit(OpCodes.Ldc_I8, FullBits);
            il.Emit(OpCodes.Bne_Un, partly);
            if (storage != StorageType.Bool && storage.Size == type.Size)
            {
                Later(() =>
                {
                    il.MarkLabel(partly);
                    EmitMaskedStore(store, type, address);
                    il.Emit(OpCodes.Br, done);
                });
            }
            else
            {
                Slow(partly);
            }
        }

        for (var copy = 0; copy < copies; copy++)
        {
            address(copy);
            PushVector(store.Value, copy);
            operations.Store(storage, type);
        }

        il.MarkLabel(done);
    }

    /// <summary>Stores the elements of active lanes; those of others need not exist.</summary>
    private void EmitMaskedStore(StoreStatement store, LaneType type, Action<int> address)
    {
        for (var copy = 0; copy < copies; copy++)
        {
            address(copy);
            PushActive();
            il.Emit(OpCodes.Ldc_I4, copy * lanes);
            il.Emit(OpCodes.Shr_Un);
            operations.MaskFromBits(LaneTypes.Mask(type.Size));
            PushVector(store.Value, copy);
            operations.StoreWhere(type);
        }
    }

    /// <summary>Stores what items return to where the frame says.</summary>
    private void EmitResults()
    {
        region = program.Body;
        for (var i = 0; i < program.Results.Length; i++)
        {
            position++;
            var result = program.Results[i];
            var storage = StorageTypes.Of(result.Type);
            var type = plan.TypeOf(result);
            var (target, partly, done) = (il.DeclareLocal(typeof(byte*)), il.DefineLabel(), il.DefineLabel());
            il.Emit(OpCodes.Ldarg_1);
            il.Emit(OpCodes.Ldc_I4, GridLayout.Results + (i * sizeof(long)));
            il.Emit(OpCodes.Add);
            il.Emit(OpCodes.Ldind_I8);
            il.Emit(OpCodes.Ldloc, x);
            il.Emit(OpCodes.Ldc_I8, (long)storage.Size);
            il.Emit(OpCodes.Mul);
            il.Emit(OpCodes.Add);
            il.Emit(OpCodes.Conv_I);
            il.Emit(OpCodes.Stloc, target);
            if (active is not null)
            {
                PushActive();
                il.Emit(OpCodes.Ldc_I8, FullBits);
                il.Emit(OpCodes.Bne_Un, partly);
            }

            for (var copy = 0; copy < copies; copy++)
            {
                il.Emit(OpCodes.Ldloc, target);
                il.Emit(OpCodes.Ldc_I4, copy * lanes * storage.Size);
                il.Emit(OpCodes.Add);
                PushVector(result, copy);
                operations.Store(storage, type);
            }

            il.MarkLabel(done);
            if (active is not null)
            {
                Later(() =>
                {
                    il.MarkLabel(partly);
                    PushData(0);
                    PushVector(result, 0);
                    operations.Store(storage, type);
                    il.Emit(OpCodes.Ldloc, target);
                    il.Emit(OpCodes.Ldarg_1);
                    il.Emit(OpCodes.Ldc_I4, storage.Size);
                    PushActive();
                    Helper(nameof(GridHelpers.StoreResult));
                    il.Emit(OpCodes.Br, done);
                });
            }
        }
    }

    /// <summary>A row of a view, as of an item whose index along X is 0.</summary>
    private sealed record Row(GridAccess Access, bool HasOffset)
    {
        public bool Fits(GridAccess other, bool hasOffset) => HasOffset == hasOffset && Access.Operand == other.Operand
            && Access.LaneDimension == other.LaneDimension
            && Enumerable.Range(0, other.Indices.Count).All(d =>
                other.Indices[d] == Access.Indices[d] || (d == other.LaneDimension && !hasOffset));
    }
}
