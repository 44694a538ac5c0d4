using System.Reflection.Emit;
using TensorCell.Kernels.Ir;

namespace TensorCell.Kernels.Simd;

/// <summary>Loads, stores, atomics and results.</summary>
internal sealed unsafe partial class GridEmitter
{
    private void ResetMemory()
    {
        fieldLocals = [];
        rowLocals = new LocalBuilder?[rows.Count];
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
        var value = Define(load.Result);
        var done = il.DefineLabel();
        AddOperations(1);

        // Lanes that are not active may mean any place: a whole vector is read only where all of it is in range.
        var address = EmitContiguousAddress(access, access.IsChecked || active is not null, (outside, place) => Later(() =>
        {
            il.MarkLabel(outside);
            if (!IsMaskable(storage, type))
            {
                PushAccess(access, withBits: true);
                Helper(nameof(GridHelpers.LoadEdge));
                il.Emit(OpCodes.Conv_I8);
                il.Emit(OpCodes.Stloc, place);
                EmitLoads(copy => PushPlace(place, copy * lanes * storage.Size));
                il.Emit(OpCodes.Br, done);
                return;
            }

            EmitLaneChecks(access);
            for (var copy = 0; active is not null && copy < copies; copy++)
            {
                PushPlace(place, copy * lanes * storage.Size);
                PushMaskOfActive(type, copy);
                operations.LoadWhere(type);
                StoreVector(value, copy);
            }

            il.Emit(OpCodes.Br, done);
        }));
        EmitLoads(address);
        EmitPrefetch(access, address);
        il.MarkLabel(done);

        void EmitLoads(Action<int> address)
        {
            for (var copy = 0; copy < copies; copy++)
            {
                address(copy);
                operations.Load(storage, type);
                StoreVector(value, copy);
            }
        }
    }

    /// <summary>
    /// Checks a contiguous access, and returns what pushes the address of each copy. Where elements can lie outside of the view, code goes the
    /// slow way, told to <paramref name="slow"/>: the label to mark, and the local with the address of the first.
    /// </summary>
    private Action<int> EmitContiguousAddress(GridAccess access, bool mustCheck, Action<Label, LocalBuilder> slow)
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
            var outside = il.DefineLabel();
            EmitOuterChecks(access, outside);
            PushIndex(index);
            PushLimit(access, Items);
            il.Emit(OpCodes.Bge_Un, outside);
            slow(outside, place);
        }

        return copy => PushPlace(place, copy * lanes * size);
    }

    private void PushPlace(LocalBuilder place, int offset)
    {
        il.Emit(OpCodes.Ldloc, place);
        if (offset > 0)
        {
            il.Emit(OpCodes.Ldc_I8, (long)offset);
            il.Emit(OpCodes.Add);
        }

        il.Emit(OpCodes.Conv_I);
    }

    /// <summary>Whether there are instructions that reach the elements of some lanes and leave the others alone.</summary>
    private static bool IsMaskable(StorageType storage, LaneType type) => storage != StorageType.Bool && storage.Size == type.Size;

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
        var address = EmitContiguousAddress(access, access.IsChecked, (outside, place) =>
        {
            if (IsMaskable(storage, type))
            {
                Later(() =>
                {
                    il.MarkLabel(outside);
                    EmitLaneChecks(access);
                    EmitMaskedStore(store, type, copy => PushPlace(place, copy * lanes * storage.Size));
                    il.Emit(OpCodes.Br, done);
                });
            }
            else
            {
                EmitEdge(outside);
            }
        });
        if (active is not null)
        {
            PushActive();
            il.Emit(OpCodes.Ldc_I8, FullBits);
            il.Emit(OpCodes.Bne_Un, partly);
            if (IsMaskable(storage, type))
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
                EmitEdge(partly);
            }
        }

        EmitPrefetch(access, address);
        var streams = isStreaming && active is null && plan.Streamed.Contains(access);
        for (var copy = 0; copy < copies; copy++)
        {
            if (streams)
            {
                PushVector(store.Value, copy);
                address(copy);
                operations.StoreStreaming(type);
                continue;
            }

            address(copy);
            PushVector(store.Value, copy);
            operations.Store(storage, type);
        }

        il.MarkLabel(done);

        void EmitEdge(Label label) => Later(() =>
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
    }

    /// <summary>Stores the elements of active lanes; those of others need not exist.</summary>
    private void EmitMaskedStore(StoreStatement store, LaneType type, Action<int> address)
    {
        for (var copy = 0; active is not null && copy < copies; copy++)
        {
            address(copy);
            PushMaskOfActive(type, copy);
            PushVector(store.Value, copy);
            operations.StoreWhere(type);
        }
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
}
