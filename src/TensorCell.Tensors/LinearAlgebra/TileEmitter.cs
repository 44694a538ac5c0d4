using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.Intrinsics.X86;
using TensorCell.Kernels.Simd;

namespace TensorCell.Tensors.LinearAlgebra;

/// <summary>
/// Emits the code of a tile as IL over hardware vectors, one local for each accumulator: the runtime's compiler keeps them all in
/// registers as long as they, a row of B and an element of A are no more than there are.
/// </summary>
internal sealed unsafe class TileEmitter
{
    private static readonly MethodInfo prefetch = typeof(Sse).GetMethod(nameof(Sse.Prefetch0), [typeof(void*)])!;
    private static readonly MethodInfo prefetchSecondLevel = typeof(Sse).GetMethod(nameof(Sse.Prefetch1), [typeof(void*)])!;
    private readonly TileShape shape;
    private readonly ILGenerator il;
    private readonly OperationEmitter operations;
    private readonly int vectorBytes;
    private readonly LocalBuilder[] sums;
    private readonly LocalBuilder[] right;
    private readonly LocalBuilder left;
    private readonly LocalBuilder row;
    private readonly LocalBuilder source;

    private TileEmitter(TileShape shape, ILGenerator il)
    {
        this.shape = shape;
        this.il = il;
        operations = new(il, shape.Lanes);
        vectorBytes = shape.Bits / 8;
        sums = Vectors(shape.Rows * shape.Vectors);
        right = Vectors(shape.Vectors);
        left = Vectors(1)[0];
        row = il.DeclareLocal(typeof(byte*));
        source = il.DeclareLocal(typeof(byte*));
    }

    /// <summary>The code, which the runtime compiles at its first call.</summary>
    public static TileBody Emit(TileShape shape)
    {
        Type[] parameters = [typeof(object), typeof(nint), typeof(void*), typeof(void*), typeof(void*), typeof(nint), typeof(bool), typeof(void*)];
        var method = new DynamicMethod(
            $"tile {shape.Rows}x{shape.Vectors * shape.Lanes} {shape.Type} {shape.Bits}{(shape.IsIndirect ? " indirect" : "")} {shape.Ending}",
            null,
            parameters,
            typeof(TileEmitter).Module,
            skipVisibility: true);
        var emitter = new TileEmitter(shape, method.GetILGenerator(4096));
        emitter.EmitStart();
        emitter.EmitLoop();
        emitter.EmitEnd();

        // Bound to an object that it ignores, for a call then goes straight to the code. Otherwise it goes through a stub that moves the
        // arguments, and its reads of those on the stack wait for all that the tile before has yet to write.
        return method.CreateDelegate<TileBody>(shape);
    }

    // C is needed only after the loop, by when it has come from wherever it was.
    private void EmitStart()
    {
        if (Sse.IsSupported && !shape.IsIndirect)
        {
            EmitForEachVectorOfC(_ => il.Emit(OpCodes.Call, prefetch));
        }

        foreach (var sum in sums)
        {
            il.Emit(OpCodes.Call, sum.LocalType.GetProperty("Zero")!.GetMethod!);
            il.Emit(OpCodes.Stloc, sum);
        }
    }

    private void EmitLoop()
    {
        var step = il.DefineLabel();
        var end = il.DefineLabel();
        il.Emit(OpCodes.Ldarg, Parameter.Depth);
        il.Emit(OpCodes.Brfalse, end);
        il.MarkLabel(step);
        EmitSource();
        for (var j = 0; j < shape.Vectors; j++)
        {
            il.Emit(OpCodes.Ldloc, source);
            EmitOffset(j * vectorBytes);
            operations.Load(shape.Type);
            il.Emit(OpCodes.Stloc, right[j]);
        }

        for (var i = 0; i < shape.Rows; i++)
        {
            EmitAddress(Parameter.A, i * shape.Type.Size);
            operations.LoadBroadcast(shape.Type);
            il.Emit(OpCodes.Stloc, left);
            for (var j = 0; j < shape.Vectors; j++)
            {
                il.Emit(OpCodes.Ldloc, left);
                il.Emit(OpCodes.Ldloc, right[j]);
                il.Emit(OpCodes.Ldloc, sums[(i * shape.Vectors) + j]);
                EmitOperation("MultiplyAddEstimate");
                il.Emit(OpCodes.Stloc, sums[(i * shape.Vectors) + j]);
            }
        }

        if (Sse.IsSupported && !shape.IsIndirect)
        {
            il.Emit(OpCodes.Ldarg, Parameter.Next);
            il.Emit(OpCodes.Call, prefetchSecondLevel);
            EmitAdvance(Parameter.Next, shape.PanelRows * shape.Type.Size / Tile.TilesPerPrefetchedPanel);
        }

        EmitAdvance(Parameter.A, shape.PanelRows * shape.Type.Size);
        EmitAdvance(shape.IsIndirect ? Parameter.Next : Parameter.B, shape.IsIndirect ? sizeof(nint) : shape.PanelVectors * vectorBytes);
        EmitAdvance(Parameter.Depth, -1);
        il.Emit(OpCodes.Ldarg, Parameter.Depth);
        il.Emit(OpCodes.Brtrue, step);
        il.MarkLabel(end);
    }

    // Where this step's vectors of B lie.
    private void EmitSource()
    {
        il.Emit(OpCodes.Ldarg, Parameter.B);
        if (shape.IsIndirect)
        {
            il.Emit(OpCodes.Ldarg, Parameter.Next);
            il.Emit(OpCodes.Ldind_I);
            il.Emit(OpCodes.Add);
        }

        il.Emit(OpCodes.Stloc, source);
    }

    private void EmitEnd()
    {
        if (shape.Ending == TileEnding.Sums)
        {
            EmitSums();
        }
        else
        {
            EmitShifted();
        }

        il.Emit(OpCodes.Ret);
    }

    private void EmitSums()
    {
        var store = il.DefineLabel();
        il.Emit(OpCodes.Ldarg, Parameter.Accumulate);
        il.Emit(OpCodes.Brfalse, store);
        EmitForEachVectorOfC(sum =>
        {
            operations.Load(shape.Type);
            il.Emit(OpCodes.Ldloc, sum);
            EmitOperation("Add");
            il.Emit(OpCodes.Stloc, sum);
        });
        il.MarkLabel(store);
        EmitForEachVectorOfC(sum =>
        {
            il.Emit(OpCodes.Ldloc, sum);
            operations.Store(shape.Type);
        });
    }

    private void EmitShifted()
    {
        EmitForEachVectorOfC(sum =>
        {
            il.Emit(OpCodes.Stloc, source);
            var (number, across) = Math.DivRem(Array.IndexOf(sums, sum), shape.Vectors);
            if (across == 0)
            {
                EmitAddress(Parameter.A, number * shape.Type.Size);
                operations.LoadBroadcast(shape.Type);
                il.Emit(OpCodes.Stloc, left);
            }

            if (shape.Ending == TileEnding.Shifted)
            {
                il.Emit(OpCodes.Ldloc, source);
            }

            il.Emit(OpCodes.Ldloc, sum);
            il.Emit(OpCodes.Ldloc, left);
            EmitOperation("Add");
            if (shape.Ending == TileEnding.Shifted)
            {
                operations.Store(shape.Type);
                return;
            }

            il.Emit(OpCodes.Ldloc, source);
            operations.StoreStreaming(shape.Type);
        });
    }

    /// <summary>Emits what <paramref name="emit"/> does with each accumulator, the address of its place in C being on the stack.</summary>
    private void EmitForEachVectorOfC(Action<LocalBuilder> emit)
    {
        il.Emit(OpCodes.Ldarg, Parameter.C);
        il.Emit(OpCodes.Stloc, row);
        for (var i = 0; i < sums.Length; i++)
        {
            var (number, across) = Math.DivRem(i, shape.Vectors);
            if (number > 0 && across == 0)
            {
                il.Emit(OpCodes.Ldloc, row);
                il.Emit(OpCodes.Ldarg, Parameter.RowBytes);
                il.Emit(OpCodes.Add);
                il.Emit(OpCodes.Stloc, row);
            }

            il.Emit(OpCodes.Ldloc, row);
            EmitOffset(across * vectorBytes);
            emit(sums[i]);
        }
    }

    private void EmitAddress(short parameter, int offset)
    {
        il.Emit(OpCodes.Ldarg, parameter);
        EmitOffset(offset);
    }

    private void EmitAdvance(short parameter, int by)
    {
        EmitAddress(parameter, by);
        il.Emit(OpCodes.Starg, parameter);
    }

    private void EmitOffset(int offset)
    {
        if (offset != 0)
        {
            il.Emit(OpCodes.Ldc_I4, offset);
            il.Emit(OpCodes.Conv_I);
            il.Emit(OpCodes.Add);
        }
    }

    private LocalBuilder[] Vectors(int count)
    {
        var locals = new LocalBuilder[count];
        foreach (ref var local in locals.AsSpan())
        {
            local = il.DeclareLocal(operations.VectorOf(shape.Type));
        }

        return locals;
    }

    private void EmitOperation(string name) =>
        il.Emit(OpCodes.Call, VectorMethods.Operation(shape.Bits, name, shape.Type.Element));

    /// <summary>The parameters of <see cref="TileBody"/>, after the ignored object.</summary>
    private static class Parameter
    {
        public const short Depth = 1;
        public const short A = 2;
        public const short B = 3;
        public const short C = 4;
        public const short RowBytes = 5;
        public const short Accumulate = 6;
        public const short Next = 7;
    }
}
