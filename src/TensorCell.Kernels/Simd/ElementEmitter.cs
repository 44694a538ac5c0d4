using System.Reflection.Emit;
using TensorCell.Kernels.Ir;

namespace TensorCell.Kernels.Simd;

/// <summary>
/// Emits what a kernel computes for one vector of elements: its statements into locals, of which several vectors in flight have some each, and its
/// results where they are used.
/// </summary>
/// <param name="program">What is computed.</param>
/// <param name="broadcast">Bit i: input i has one element for the whole vector.</param>
/// <param name="tables">Where constants and uniforms lie.</param>
/// <param name="il">Where to.</param>
/// <param name="emitAddress">Pushes where an operand's elements for a vector lie, or the one element for all.</param>
internal sealed class ElementEmitter(
    VectorProgram program, ulong broadcast, KernelTables tables, ILGenerator il, Action<int, ElementCopy> emitAddress)
{
    private readonly OperationEmitter operations = new(il, program.Lanes);
    private readonly ScalarEmitter scalars = new(il);
    private readonly Dictionary<(LaneType Kind, int Number, int Slot), LocalBuilder> locals = [];
    private readonly LocalBuilder constants = il.DeclareLocal(typeof(byte*));
    private readonly LocalBuilder uniforms = il.DeclareLocal(typeof(byte*));

    /// <summary>Takes the addresses of the two tables, constants first, from the stack.</summary>
    public void EmitTables()
    {
        il.Emit(OpCodes.Stloc, uniforms);
        il.Emit(OpCodes.Stloc, constants);
    }

    /// <summary>Computes the uniforms that are made of others.</summary>
    public void EmitComputedUniforms()
    {
        var schedule = Schedule.Of(program, tables.ComputedUniforms, i => program.Instructions[i].IsLeaf);
        foreach (var statement in schedule.Statements)
        {
            EmitOperation(schedule, statement, default);
            il.Emit(OpCodes.Stloc, Local(schedule, statement, 0));
            if (tables.Offset(statement) >= 0)
            {
                EmitTableAddress(uniforms, statement);
                EmitValue(schedule, statement, default);
                operations.Store(program.Instructions[statement].Type);
            }
        }

        foreach (var computed in tables.ComputedUniforms.Where(computed => schedule.Local(computed) < 0))
        {
            EmitTableAddress(uniforms, computed);
            EmitValue(schedule, computed, default);
            operations.Store(program.Instructions[computed].Type);
        }
    }

    /// <summary>Computes what several vectors need before their results, each statement for all of them.</summary>
    public void EmitStatements(Schedule schedule, ReadOnlySpan<ElementCopy> copies)
    {
        foreach (var statement in schedule.Statements)
        {
            foreach (var copy in copies)
            {
                EmitOperation(schedule, statement, copy);
                il.Emit(OpCodes.Stloc, Local(schedule, statement, copy.Slot));
            }
        }
    }

    /// <summary>Pushes a value: from its local if it has one, else by evaluating it here.</summary>
    public void EmitValue(Schedule schedule, int value, ElementCopy copy)
    {
        if (value < 0)
        {
            return;
        }

        if (schedule.Local(value) >= 0)
        {
            il.Emit(OpCodes.Ldloc, Local(schedule, value, copy.Slot));
        }
        else
        {
            EmitOperation(schedule, value, copy);
        }
    }

    private void EmitOperation(Schedule schedule, int value, ElementCopy copy)
    {
        var instruction = program.Instructions[value];
        if (instruction.Code == VectorCode.Parameter)
        {
            EmitParameter((int)instruction.Immediate, instruction.Type, copy);
        }
        else if (schedule.IsGiven(value))
        {
            EmitTableAddress(instruction.Code == VectorCode.Constant ? constants : uniforms, value);
            operations.Load(instruction.Type);
        }
        else
        {
            EmitValue(schedule, instruction.A, copy);
            if (instruction.Code == VectorCode.Select)
            {
                operations.Reinterpret(program.Instructions[instruction.A].Type, instruction.Type);
            }

            EmitValue(schedule, instruction.B, copy);
            EmitValue(schedule, instruction.C, copy);
            operations.Apply(instruction, instruction.A < 0 ? instruction.Type : program.Instructions[instruction.A].Type);
        }
    }

    private void EmitParameter(int input, LaneType type, ElementCopy copy)
    {
        var storage = program.InputTypes[input];
        emitAddress(input, copy);
        if ((broadcast >> input & 1) == 0)
        {
            if (copy.Masks is { } masks)
            {
                masks(type.Size, copy);
                operations.LoadWhere(type);
            }
            else
            {
                operations.Load(storage, type);
            }
        }
        else if (type.IsMask)
        {
            operations.LoadMask(type, broadcast: true);
        }
        else if (storage.Size == type.Size)
        {
            operations.LoadBroadcast(type);
        }
        else
        {
            scalars.Load(storage);
            operations.Broadcast(type);
        }
    }

    private void EmitTableAddress(LocalBuilder table, int instruction)
    {
        il.Emit(OpCodes.Ldloc, table);
        il.Emit(OpCodes.Ldc_I4, tables.Offset(instruction));
        il.Emit(OpCodes.Add);
    }

    private LocalBuilder Local(Schedule schedule, int value, int slot)
    {
        var key = (Schedule.Kind(program.Instructions[value].Type), schedule.Local(value), slot);
        if (!locals.TryGetValue(key, out var local))
        {
            locals.Add(key, local = il.DeclareLocal(operations.VectorOf(key.Item1)));
        }

        return local;
    }
}
