using System.Reflection;
using System.Reflection.Emit;
using TensorCell.Kernels.Ir;

namespace TensorCell.Kernels.Simd;

/// <summary>How a view is reached: the numbers of its block, indices, their checks, and what helpers are told of an access.</summary>
internal sealed unsafe partial class GridEmitter
{
    private readonly List<(MemoryOperand Operand, int Offset)> fields = [];
    private Dictionary<(MemoryOperand, int), LocalBuilder> fieldLocals = [];

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

    /// <summary>Pushes what an index along the lanes must be below for all items to be in range.</summary>
    private void PushLimit(GridAccess access, int items)
    {
        PushField(access.Operand, GridLayout.Lengths + (access.LaneDimension * sizeof(long)));
        il.Emit(OpCodes.Ldc_I8, items - 1L);
        il.Emit(OpCodes.Sub);
        il.Emit(OpCodes.Ldc_I8, 0L);
        il.Emit(OpCodes.Call, typeof(Math).GetMethod("Max", [typeof(long), typeof(long)])!);
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

    /// <summary>
    /// Raises the error of a contiguous access where an active lane means an element that does not exist: by a call that does not come back,
    /// for calls that do make the runtime's compiler keep vectors in memory.
    /// </summary>
    private void EmitLaneChecks(GridAccess access)
    {
        if (!access.IsChecked)
        {
            return;
        }

        var fault = il.DefineLabel();
        Later(() =>
        {
            il.MarkLabel(fault);
            PushAccess(access, withBits: true);
            Helper(nameof(GridHelpers.LaneFault));
            il.Emit(OpCodes.Throw);
        });
        if (active is null)
        {
            il.Emit(OpCodes.Br, fault);
            return;
        }

        EmitOuterChecks(access, fault);
        var index = access.Indices[access.LaneDimension];
        PushField(access.Operand, GridLayout.Lengths + (access.LaneDimension * sizeof(long)));
        PushIndex(index);
        il.Emit(OpCodes.Sub);
        Helper(nameof(GridHelpers.BitsBelow));
        PushIndex(index);
        il.Emit(OpCodes.Neg);
        Helper(nameof(GridHelpers.BitsBelow));
        il.Emit(OpCodes.Not);
        il.Emit(OpCodes.And);
        il.Emit(OpCodes.Not);
        PushActive();
        il.Emit(OpCodes.And);
        il.Emit(OpCodes.Brtrue, fault);
    }
}
