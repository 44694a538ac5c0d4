using System.Reflection.Emit;
using TensorCell.Kernels.Ir;

namespace TensorCell.Kernels.Simd;

/// <summary>Accesses along a row: where rows begin, and the stretch of items within which all of them are in range.</summary>
internal sealed unsafe partial class GridEmitter
{
    private readonly List<Row> rows = [];
    private readonly List<GridAccess> ranged = [];
    private LocalBuilder?[] rowLocals = [];

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
        if (plan.IsInterior)
        {
            EmitLaunchField(GridLayout.Interior, typeof(int));
            il.Emit(OpCodes.Conv_I8);
            il.Emit(OpCodes.Stloc, low);
            EmitLaunchField(GridLayout.Interior + sizeof(int), typeof(int));
            il.Emit(OpCodes.Conv_I8);
        }
        else
        {
            il.Emit(OpCodes.Ldc_I8, 0L);
            il.Emit(OpCodes.Stloc, low);
            il.Emit(OpCodes.Ldc_I8, (long)int.MaxValue);
        }

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

    /// <summary>Whether the index along X is that of the item, shifted by what is the same for the whole row.</summary>
    private bool IsAlongRow(GridAccess access) => !IsGrouped && access.Kind == GridAccessKind.Contiguous && plan.IsFree(access.Indices[access.LaneDimension]);

    /// <summary>Whether all other indices are the same for the whole row.</summary>
    private bool IsRowKnown(GridAccess access) => Enumerable.Range(0, access.Indices.Count)
        .All(d => d == access.LaneDimension || plan.IsOfRow(access.Indices[d]));

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

    /// <summary>A row of a view, as of an item whose index along X is 0.</summary>
    private sealed record Row(GridAccess Access, bool HasOffset)
    {
        public bool Fits(GridAccess other, bool hasOffset) => HasOffset == hasOffset && Access.Operand == other.Operand
            && Access.LaneDimension == other.LaneDimension
            && Enumerable.Range(0, other.Indices.Count).All(d =>
                other.Indices[d] == Access.Indices[d] || (d == other.LaneDimension && !hasOffset));
    }
}
