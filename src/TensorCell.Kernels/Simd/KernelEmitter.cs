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

    private readonly VectorProgram program;
    private readonly KernelAccess access;
    private readonly KernelTables tables;
    private readonly ILGenerator il;
    private readonly OperationEmitter operations;
    private readonly ElementEmitter elements;
    private readonly LocalBuilder[] addresses;
    private readonly LocalBuilder index;

    private KernelEmitter(VectorProgram program, KernelAccess access, KernelTables tables, ILGenerator il)
    {
        this.program = program;
        this.access = access;
        this.tables = tables;
        this.il = il;
        operations = new(il, program.Lanes);
        elements = new(program, access.Broadcast, tables, il, EmitAddress);
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
        il.Emit(OpCodes.Ldarg_1);
        il.Emit(OpCodes.Ldarg_2);
        elements.EmitTables();
        if (tables.ComputedUniforms.IsEmpty)
        {
            return;
        }

        var loop = il.DefineLabel();
        il.Emit(OpCodes.Ldarg_3);
        il.Emit(OpCodes.Brtrue, loop);
        elements.EmitComputedUniforms();
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
        elements.EmitStatements(body, [.. Enumerable.Range(0, unroll).Select(Copy)]);

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
        if (!Sse.IsSupported || !access.Streaming)
        {
            return;
        }

        foreach (var instruction in program.Instructions)
        {
            var input = (int)instruction.Immediate;
            if (instruction.Code == VectorCode.Parameter && !access.IsBroadcast(input))
            {
                EmitPrefetch(input, program.InputTypes[input].Size, unroll);
            }
        }
    }

    private void EmitPrefetch(int input, int size, int unroll)
    {
        for (var copy = 0; copy < unroll; copy++)
        {
            if (copy * program.Lanes * size % CacheLineBytes == 0)
            {
                EmitAddress(input, Copy(copy));
                il.Emit(OpCodes.Ldc_I8, PrefetchDistance);
                il.Emit(OpCodes.Conv_I);
                il.Emit(OpCodes.Add);
                il.Emit(OpCodes.Call, prefetch);
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
            elements.EmitValue(body, result, Copy(copy));
            EmitAddress(program.InputTypes.Length + output, Copy(copy));
            operations.StoreStreaming(type);
            return;
        }

        EmitAddress(program.InputTypes.Length + output, Copy(copy));
        elements.EmitValue(body, result, Copy(copy));
        if (access.Streaming)
        {
            operations.StoreStreaming(storage, type);
            return;
        }

        operations.Store(storage, type);
    }

    private static ElementCopy Copy(int copy) => new(copy, copy);

    private void EmitAddress(int operand, ElementCopy copy)
    {
        il.Emit(OpCodes.Ldloc, addresses[operand]);
        if (operand < program.InputTypes.Length && access.IsBroadcast(operand))
        {
            return;
        }

        var size = operand < program.InputTypes.Length ? program.InputTypes[operand].Size : program.OutputTypes[operand - program.InputTypes.Length].Size;
        il.Emit(OpCodes.Ldloc, index);
        if (size > 1)
        {
            il.Emit(OpCodes.Ldc_I8, (long)size);
            il.Emit(OpCodes.Mul);
        }

        il.Emit(OpCodes.Conv_I);
        il.Emit(OpCodes.Add);
        if (copy.Number > 0)
        {
            il.Emit(OpCodes.Ldc_I4, copy.Number * program.Lanes * size);
            il.Emit(OpCodes.Add);
        }
    }
}
