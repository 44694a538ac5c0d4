using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.Intrinsics.X86;
using TensorCell.Kernels.Ir;

namespace TensorCell.Kernels.Simd;

/// <summary>Emits a kernel's loops over lines as IL over hardware vectors: elements within a line, and lines one after the other.</summary>
internal sealed unsafe partial class LineEmitter
{
    private const int CacheLineBytes = 64;

    private static readonly MethodInfo prefetch = typeof(Sse).GetMethod(nameof(Sse.Prefetch1), [typeof(void*)])!;

    private readonly VectorProgram program;
    private readonly LineAccess access;
    private readonly Schedule schedule;
    private readonly ILGenerator il;
    private readonly OperationEmitter operations;
    private readonly ElementEmitter elements;
    private readonly int operandCount;
    private readonly LaneType type;
    private readonly LocalBuilder[] addresses;
    private readonly LocalBuilder index;
    private readonly LocalBuilder count;
    private readonly LocalBuilder lines;
    private readonly LocalBuilder value;
    private readonly LocalBuilder state;
    private bool isPrefetching;

    private LineEmitter(VectorProgram program, LineAccess access, KernelTables tables, Schedule schedule, ILGenerator il)
    {
        this.program = program;
        this.access = access;
        this.schedule = schedule;
        this.il = il;
        operations = new(il, program.Lanes);
        elements = new(program, access.Broadcast, tables, il, EmitAddress);
        operandCount = program.InputTypes.Length + (access.Stores ? 1 : 0);
        type = program.Instructions[program.Results[0]].Type;
        addresses = new LocalBuilder[operandCount];
        for (int operand = 0; operand < operandCount; operand++)
        {
            addresses[operand] = il.DeclareLocal(typeof(byte*));
        }

        index = il.DeclareLocal(typeof(long));
        count = il.DeclareLocal(typeof(long));
        lines = il.DeclareLocal(typeof(long));
        value = il.DeclareLocal(operations.VectorOf(type));
        state = il.DeclareLocal(typeof(byte*));
    }

    /// <summary>Elements of a vector.</summary>
    private int Lanes => program.Lanes;

    /// <summary>Compiles the loops.</summary>
    /// <param name="name">The kernel's name, shown in profilers.</param>
    /// <param name="program">What it computes: one result.</param>
    /// <param name="access">How its operands lie in memory, and what becomes of the values.</param>
    /// <param name="tables">Where constants and uniforms lie.</param>
    /// <param name="schedule">The schedule of what each element needs.</param>
    public static LineBody Compile(string name, VectorProgram program, LineAccess access, KernelTables tables, Schedule schedule)
    {
        DynamicMethod method = new(name, null, [typeof(LineCall*)], typeof(LineEmitter).Module, skipVisibility: true);
        LineEmitter emitter = new(program, access, tables, schedule, method.GetILGenerator(8192));
        emitter.EmitStart(!tables.ComputedUniforms.IsEmpty);
        if (access.IsAcross)
        {
            emitter.EmitFoldAcross();
        }
        else
        {
            emitter.EmitLines();
        }

        emitter.il.Emit(OpCodes.Ret);
        return method.CreateDelegate<LineBody>();
    }

    private void EmitStart(bool computesUniforms)
    {
        EmitField(nameof(LineCall.Constants));
        EmitField(nameof(LineCall.Uniforms));
        elements.EmitTables();
        EmitField(nameof(LineCall.Lines));
        il.Emit(OpCodes.Stloc, lines);
        if (computesUniforms)
        {
            Label some = il.DefineLabel();
            il.Emit(OpCodes.Ldloc, lines);
            il.Emit(OpCodes.Brtrue, some);
            elements.EmitComputedUniforms();
            il.Emit(OpCodes.Ret);
            il.MarkLabel(some);
        }

        EmitField(nameof(LineCall.Count));
        il.Emit(OpCodes.Stloc, count);
        EmitField(nameof(LineCall.State));
        il.Emit(OpCodes.Stloc, state);
        for (int operand = 0; operand < operandCount; operand++)
        {
            EmitField(nameof(LineCall.Addresses));
            il.Emit(OpCodes.Ldc_I4, operand * sizeof(byte*));
            il.Emit(OpCodes.Add);
            il.Emit(OpCodes.Ldind_I);
            il.Emit(OpCodes.Stloc, addresses[operand]);
        }
    }

    private void EmitLines()
    {
        Label next = il.DefineLabel();
        il.MarkLabel(next);
        EmitLong(0);
        il.Emit(OpCodes.Stloc, index);
        if (access.Fold == LineFold.None)
        {
            EmitElements();
        }
        else
        {
            EmitFoldOfLine();
        }

        EmitNextLines(1);
        EmitLong(-1);
        il.Emit(OpCodes.Ldloc, lines);
        il.Emit(OpCodes.Add);
        il.Emit(OpCodes.Stloc, lines);
        il.Emit(OpCodes.Ldloc, lines);
        EmitLong(0);
        il.Emit(OpCodes.Bgt, next);
    }

    /// <summary>One line that is only stored.</summary>
    private void EmitElements()
    {
        EmitLoop(access.Unroll, access.Rest == LineRest.None, () =>
        {
            isPrefetching = true;
            EmitStored(Copies(0, access.Unroll));
            isPrefetching = false;
        });
        if (access.Rest != LineRest.None && access.Unroll > 1)
        {
            EmitLoop(1, false, () => EmitStored(Copies(0, 1)));
        }

        if (access.Rest == LineRest.Elements)
        {
            EmitIfSomeAreLeft(() => EmitStored([new ElementCopy(0, 0, EmitMask)]));
        }
    }

    /// <summary>Turns of some vectors while so many elements are left.</summary>
    private void EmitLoop(int vectors, bool isWhole, Action emitTurn)
    {
        Label turn = il.DefineLabel();
        Label end = il.DefineLabel();
        if (!isWhole)
        {
            EmitBranchUnlessLeft(vectors, end);
        }

        il.MarkLabel(turn);
        emitTurn();
        EmitAdvance(vectors);
        if (isWhole)
        {
            il.Emit(OpCodes.Ldloc, index);
            il.Emit(OpCodes.Ldloc, count);
            il.Emit(OpCodes.Blt, turn);
        }
        else
        {
            il.Emit(OpCodes.Ldloc, index);
            EmitLong((long)vectors * Lanes);
            il.Emit(OpCodes.Add);
            il.Emit(OpCodes.Ldloc, count);
            il.Emit(OpCodes.Ble, turn);
        }

        il.MarkLabel(end);
    }

    private void EmitBranchUnlessLeft(int vectors, Label end)
    {
        il.Emit(OpCodes.Ldloc, index);
        EmitLong((long)vectors * Lanes);
        il.Emit(OpCodes.Add);
        il.Emit(OpCodes.Ldloc, count);
        il.Emit(OpCodes.Bgt, end);
    }

    private void EmitIfSomeAreLeft(Action emit)
    {
        Label end = il.DefineLabel();
        il.Emit(OpCodes.Ldloc, index);
        il.Emit(OpCodes.Ldloc, count);
        il.Emit(OpCodes.Bge, end);
        emit();
        il.MarkLabel(end);
    }

    private void EmitAdvance(int vectors)
    {
        il.Emit(OpCodes.Ldloc, index);
        EmitLong((long)vectors * Lanes);
        il.Emit(OpCodes.Add);
        il.Emit(OpCodes.Stloc, index);
    }

    /// <summary>Computes some vectors and stores them, after all inputs of all were read: the output may be the same array as an input.</summary>
    private void EmitStored(ElementCopy[] copies)
    {
        EmitPrefetches(copies);
        elements.EmitStatements(schedule, copies);
        foreach (ElementCopy copy in copies)
        {
            EmitStore(copy, () => elements.EmitValue(schedule, program.Results[0], copy));
        }
    }

    private void EmitStore(ElementCopy copy, Action emitValue)
    {
        int output = operandCount - 1;
        if (copy.Masks is { } masks)
        {
            EmitAddress(output, copy);
            masks(type.Size, copy);
            emitValue();
            operations.StoreWhere(type);
        }
        else if (access.Streaming)
        {
            emitValue();
            EmitAddress(output, copy);
            operations.StoreStreaming(type);
        }
        else
        {
            EmitAddress(output, copy);
            emitValue();
            operations.Store(program.OutputTypes[0], type);
        }
    }

    private void EmitPrefetches(ElementCopy[] copies)
    {
        for (int operand = 0; operand < operandCount && isPrefetching && Sse.IsSupported; operand++)
        {
            foreach (ElementCopy copy in copies)
            {
                if (access.IsPrefetched(operand) && copy.Number * Lanes * SizeOf(operand) % CacheLineBytes == 0)
                {
                    EmitAddress(operand, copy);
                    EmitField(nameof(LineCall.Ahead));
                    il.Emit(OpCodes.Conv_I);
                    il.Emit(OpCodes.Add);
                    il.Emit(OpCodes.Call, prefetch);
                }
            }
        }
    }

    private void EmitNextLines(int number)
    {
        for (int operand = 0; operand < operandCount; operand++)
        {
            il.Emit(OpCodes.Ldloc, addresses[operand]);
            EmitStride(operand);
            if (number != 1)
            {
                EmitLong(number);
                il.Emit(OpCodes.Mul);
            }

            il.Emit(OpCodes.Conv_I);
            il.Emit(OpCodes.Add);
            il.Emit(OpCodes.Stloc, addresses[operand]);
        }
    }

    private void EmitStride(int operand)
    {
        EmitField(nameof(LineCall.Strides));
        il.Emit(OpCodes.Ldc_I4, operand * sizeof(long));
        il.Emit(OpCodes.Add);
        il.Emit(OpCodes.Ldind_I8);
    }

    private int SizeOf(int operand) =>
        operand < program.InputTypes.Length ? program.InputTypes[operand].Size : program.OutputTypes[0].Size;

    private ElementCopy[] Copies(int first, int number) => [.. Enumerable.Range(0, number).Select(copy => new ElementCopy(first + copy, copy))];

    private void EmitField(string field)
    {
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Ldfld, typeof(LineCall).GetField(field)!);
    }

    private void EmitLong(long number) => il.Emit(OpCodes.Ldc_I8, number);

    private void EmitAddress(int operand, ElementCopy copy)
    {
        bool isBroadcast = operand < program.InputTypes.Length && access.IsBroadcast(operand);
        il.Emit(OpCodes.Ldloc, access.IsAcross ? RowAddress(operand, copy.Number) : addresses[operand]);
        if (isBroadcast)
        {
            return;
        }

        int size = SizeOf(operand);
        il.Emit(OpCodes.Ldloc, index);
        EmitLong(size);
        il.Emit(OpCodes.Mul);
        il.Emit(OpCodes.Conv_I);
        il.Emit(OpCodes.Add);
        if (!access.IsAcross && copy.Number > 0)
        {
            il.Emit(OpCodes.Ldc_I4, copy.Number * Lanes * size);
            il.Emit(OpCodes.Add);
        }
    }

    /// <summary>Pushes the mask of the lanes of a vector whose elements exist.</summary>
    private void EmitMask(int size, ElementCopy copy)
    {
        int part = access.IsAcross ? 0 : copy.Number;
        EmitLong(RestMasks.None + (part * Lanes * size));
        il.Emit(OpCodes.Ldloc, count);
        il.Emit(OpCodes.Ldloc, index);
        il.Emit(OpCodes.Sub);
        EmitLong(size);
        il.Emit(OpCodes.Mul);
        il.Emit(OpCodes.Sub);
        il.Emit(OpCodes.Conv_I);
        operations.Load(LaneTypes.Mask(size));
    }
}
