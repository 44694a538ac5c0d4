using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.Intrinsics.X86;
using TensorCell.Kernels.Ir;

namespace TensorCell.Kernels.Simd;

/// <summary>Emits the loop of a kernel as IL over hardware vectors, for the runtime's compiler to turn into machine code.</summary>
internal sealed unsafe class KernelEmitter
{
    private const int CacheLineBytes = 64;

    /// <summary>How far ahead of its use a streamed input is asked for: the time a line takes from memory, at a line each 1 to 2 ns.</summary>
    private const long PrefetchDistance = 4096;

    private static readonly MethodInfo prefetch = typeof(Sse).GetMethod(nameof(Sse.PrefetchNonTemporal), [typeof(void*)])!;
    private static readonly MethodInfo prefetchSecondLevel = typeof(Sse).GetMethod(nameof(Sse.Prefetch1), [typeof(void*)])!;

    private readonly VectorProgram program;
    private readonly KernelAccess access;
    private readonly KernelTables tables;
    private readonly ILGenerator il;
    private readonly OperationEmitter operations;
    private readonly ScalarEmitter scalars;
    private readonly LocalBuilder[] addresses;
    private readonly LocalBuilder index;
    private readonly Dictionary<(LaneType Kind, int Number, int Copy), LocalBuilder> locals = [];

    private KernelEmitter(VectorProgram program, KernelAccess access, KernelTables tables, ILGenerator il)
    {
        this.program = program;
        this.access = access;
        this.tables = tables;
        this.il = il;
        operations = new(il, program.Lanes);
        scalars = new(il);
        addresses = new LocalBuilder[program.InputTypes.Length + program.Results.Length];
        index = il.DeclareLocal(typeof(long));
    }

    /// <summary>Compiles the loop.</summary>
    /// <param name="name">The kernel's name, shown in profilers.</param>
    /// <param name="program">What it computes.</param>
    /// <param name="access">How its operands lie in memory.</param>
    /// <param name="tables">Where constants and uniforms lie.</param>
    /// <param name="body">The schedule of what each element needs.</param>
    /// <param name="unroll">How many vectors are in flight at once.</param>
    public static KernelBody Compile(
        string name, VectorProgram program, KernelAccess access, KernelTables tables, Schedule body, int unroll)
    {
        var method = new DynamicMethod(
            name, null, [typeof(byte**), typeof(byte*), typeof(byte*), typeof(long)], typeof(KernelEmitter).Module, skipVisibility: true);
        var emitter = new KernelEmitter(program, access, tables, method.GetILGenerator(4096));
        emitter.EmitComputedUniforms();
        emitter.EmitLoop(body, unroll);
        return method.CreateDelegate<KernelBody>();
    }

    private void EmitComputedUniforms()
    {
        if (tables.ComputedUniforms.IsEmpty)
        {
            return;
        }

        var loop = il.DefineLabel();
        il.Emit(OpCodes.Ldarg_3);
        il.Emit(OpCodes.Brtrue, loop);
        var schedule = Schedule.Of(program, tables.ComputedUniforms, i => program.Instructions[i].IsLeaf);
        foreach (var statement in schedule.Statements)
        {
            EmitOperation(schedule, statement, 0);
            il.Emit(OpCodes.Stloc, Local(schedule, statement, 0));
            if (tables.Offset(statement) >= 0)
            {
                EmitTableAddress(OpCodes.Ldarg_2, statement);
                EmitValue(schedule, statement, 0);
                operations.Store(program.Instructions[statement].Type);
            }
        }

        foreach (var computed in tables.ComputedUniforms.Where(computed => schedule.Local(computed) < 0))
        {
            EmitTableAddress(OpCodes.Ldarg_2, computed);
            EmitValue(schedule, computed, 0);
            operations.Store(program.Instructions[computed].Type);
        }

        il.Emit(OpCodes.Ret);
        il.MarkLabel(loop);
    }

    private void EmitLoop(Schedule body, int unroll)
    {
        for (var i = 0; i < addresses.Length; i++)
        {
            addresses[i] = il.DeclareLocal(typeof(byte*));
            il.Emit(OpCodes.Ldarg_0);
            il.Emit(OpCodes.Ldc_I4, i * sizeof(byte*));
            il.Emit(OpCodes.Add);
            il.Emit(OpCodes.Ldind_I);
            il.Emit(OpCodes.Stloc, addresses[i]);
        }

        il.Emit(OpCodes.Ldc_I8, 0L);
        il.Emit(OpCodes.Stloc, index);
        var next = il.DefineLabel();
        il.MarkLabel(next);
        EmitPrefetches(unroll);
        foreach (var statement in body.Statements)
        {
            for (var copy = 0; copy < unroll; copy++)
            {
                EmitOperation(body, statement, copy);
                il.Emit(OpCodes.Stloc, Local(body, statement, copy));
            }
        }

        // Stores come last, after all inputs of all results were read: an output may be the same array as an input.
        for (var output = 0; output < program.Results.Length; output++)
        {
            for (var copy = 0; copy < unroll; copy++)
            {
                EmitResult(body, output, copy);
            }
        }

        il.Emit(OpCodes.Ldloc, index);
        il.Emit(OpCodes.Ldc_I8, (long)unroll * program.Lanes);
        il.Emit(OpCodes.Add);
        il.Emit(OpCodes.Stloc, index);
        il.Emit(OpCodes.Ldloc, index);
        il.Emit(OpCodes.Ldarg_3);
        il.Emit(OpCodes.Blt, next);
        il.Emit(OpCodes.Ret);
    }

    /// <summary>
    /// Asks for what the inputs of a launch beyond the caches hold a page further on. Streaming stores that are grouped by unrolling leave
    /// the hardware's own prefetching a tenth behind the memory. A prefetch past an array's end does nothing.
    /// </summary>
    private void EmitPrefetches(int unroll)
    {
        var isLeftToLoop = access.PrefetchDistance == 0;
        if (!Sse.IsSupported || (isLeftToLoop && !access.Streaming))
        {
            return;
        }

        foreach (var instruction in program.Instructions)
        {
            var input = (int)instruction.Immediate;
            if (instruction.Code != VectorCode.Parameter || access.IsBroadcast(input) || !(isLeftToLoop || access.IsPrefetched(input)))
            {
                continue;
            }

            EmitPrefetch(input, program.InputTypes[input].Size, unroll);
        }

        for (var output = 0; output < program.OutputTypes.Length; output++)
        {
            if (access.IsPrefetched(program.InputTypes.Length + output))
            {
                EmitPrefetch(program.InputTypes.Length + output, program.OutputTypes[output].Size, unroll);
            }
        }
    }

    private void EmitPrefetch(int operand, int size, int unroll)
    {
        var isLeftToLoop = access.PrefetchDistance == 0;
        for (var copy = 0; copy < unroll; copy++)
        {
            if (copy * program.Lanes * size % CacheLineBytes == 0)
            {
                EmitAddress(operand, size, copy);
                il.Emit(OpCodes.Ldc_I8, isLeftToLoop ? PrefetchDistance : access.PrefetchDistance);
                il.Emit(OpCodes.Conv_I);
                il.Emit(OpCodes.Add);
                il.Emit(OpCodes.Call, isLeftToLoop ? prefetch : prefetchSecondLevel);
            }
        }
    }

    private void EmitResult(Schedule body, int output, int copy)
    {
        var result = program.Results[output];
        var type = program.Instructions[result].Type;
        var storage = program.OutputTypes[output];
        if (access.Streaming && storage.Size == type.Size)
        {
            EmitValue(body, result, copy);
            EmitAddress(program.InputTypes.Length + output, type.Size, copy);
            operations.StoreStreaming(type);
            return;
        }

        EmitAddress(program.InputTypes.Length + output, storage.Size, copy);
        EmitValue(body, result, copy);
        if (access.Streaming)
        {
            operations.StoreStreaming(storage, type);
            return;
        }

        operations.Store(storage, type);
    }

    /// <summary>Pushes a value: from its local if it has one, else by evaluating it here.</summary>
    private void EmitValue(Schedule schedule, int value, int copy)
    {
        if (value < 0)
        {
            return;
        }

        if (schedule.Local(value) >= 0)
        {
            il.Emit(OpCodes.Ldloc, Local(schedule, value, copy));
        }
        else
        {
            EmitOperation(schedule, value, copy);
        }
    }

    private void EmitOperation(Schedule schedule, int value, int copy)
    {
        var instruction = program.Instructions[value];
        if (instruction.Code == VectorCode.Parameter)
        {
            EmitParameter((int)instruction.Immediate, instruction.Type, copy);
        }
        else if (schedule.IsGiven(value))
        {
            EmitTableAddress(instruction.Code == VectorCode.Constant ? OpCodes.Ldarg_1 : OpCodes.Ldarg_2, value);
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

    private void EmitParameter(int input, LaneType type, int copy)
    {
        var storage = program.InputTypes[input];
        if (!access.IsBroadcast(input))
        {
            EmitAddress(input, storage.Size, copy);
            operations.Load(storage, type);
            return;
        }

        il.Emit(OpCodes.Ldloc, addresses[input]);
        if (type.IsMask)
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

    private void EmitAddress(int operand, int size, int copy)
    {
        il.Emit(OpCodes.Ldloc, addresses[operand]);
        il.Emit(OpCodes.Ldloc, index);
        if (size > 1)
        {
            il.Emit(OpCodes.Ldc_I8, (long)size);
            il.Emit(OpCodes.Mul);
        }

        il.Emit(OpCodes.Conv_I);
        il.Emit(OpCodes.Add);
        if (copy > 0)
        {
            il.Emit(OpCodes.Ldc_I4, copy * program.Lanes * size);
            il.Emit(OpCodes.Add);
        }
    }

    private void EmitTableAddress(OpCode table, int instruction)
    {
        il.Emit(table);
        il.Emit(OpCodes.Ldc_I4, tables.Offset(instruction));
        il.Emit(OpCodes.Add);
    }

    private LocalBuilder Local(Schedule schedule, int value, int copy)
    {
        var key = (Schedule.Kind(program.Instructions[value].Type), schedule.Local(value), copy);
        if (!locals.TryGetValue(key, out var local))
        {
            locals.Add(key, local = il.DeclareLocal(operations.VectorOf(key.Item1)));
        }

        return local;
    }
}
