using System.Reflection.Emit;
using TensorCell.Kernels.Simd;
using TensorCell.Tensors.LinearAlgebra;

namespace TensorCell.Tensors.Convolution;

/// <summary>Emits the code of a <see cref="DotTileBody"/> as IL over hardware vectors, one local for each scalar product.</summary>
internal sealed class DotTileEmitter
{
    private readonly TileShape shape;
    private readonly ILGenerator il;
    private readonly OperationEmitter operations;
    private readonly LocalBuilder[] sums;
    private readonly LocalBuilder[] right;
    private readonly LocalBuilder left;
    private readonly LocalBuilder[] leftRows;
    private readonly LocalBuilder[] rightRows;
    private readonly LocalBuilder place;

    private DotTileEmitter(TileShape shape, ILGenerator il)
    {
        this.shape = shape;
        this.il = il;
        operations = new(il, shape.Lanes);
        Type vector = operations.VectorOf(shape.Type);
        sums = Locals(shape.Rows * shape.Vectors, vector);
        right = Locals(shape.Vectors, vector);
        left = il.DeclareLocal(vector);
        leftRows = Locals(shape.Rows, typeof(byte*));
        rightRows = Locals(shape.Vectors, typeof(byte*));
        place = il.DeclareLocal(typeof(nint));
    }

    /// <summary>The code, which the runtime compiles at its first call.</summary>
    /// <param name="shape">Its rows, and as vectors the number of the other rows.</param>
    public static unsafe DotTileBody Emit(TileShape shape)
    {
        Type[] parameters = [typeof(object), typeof(nint), typeof(void*), typeof(nint), typeof(void*), typeof(nint*), typeof(void*)];
        DynamicMethod method = new(
            $"tile {shape.Rows}x{shape.Vectors} {shape.Type} {shape.Bits} dot", null, parameters, typeof(DotTileEmitter).Module, skipVisibility: true);
        DotTileEmitter emitter = new(shape, method.GetILGenerator(4096));
        emitter.EmitStart();
        emitter.EmitLoop();
        emitter.EmitEnd();

        // Bound to an object that it ignores, as in TileEmitter.
        return method.CreateDelegate<DotTileBody>(shape);
    }

    private void EmitStart()
    {
        for (int row = 0; row < leftRows.Length; row++)
        {
            if (row == 0)
            {
                il.Emit(OpCodes.Ldarg, Parameter.A);
            }
            else
            {
                il.Emit(OpCodes.Ldloc, leftRows[row - 1]);
                il.Emit(OpCodes.Ldarg, Parameter.RowBytes);
                il.Emit(OpCodes.Add);
            }

            il.Emit(OpCodes.Stloc, leftRows[row]);
        }

        for (int row = 0; row < rightRows.Length; row++)
        {
            il.Emit(OpCodes.Ldarg, Parameter.B);
            il.Emit(OpCodes.Ldarg, Parameter.Offsets);
            il.Emit(OpCodes.Ldc_I4, row * IntPtr.Size);
            il.Emit(OpCodes.Conv_I);
            il.Emit(OpCodes.Add);
            il.Emit(OpCodes.Ldind_I);
            il.Emit(OpCodes.Add);
            il.Emit(OpCodes.Stloc, rightRows[row]);
        }

        foreach (LocalBuilder sum in sums)
        {
            il.Emit(OpCodes.Call, sum.LocalType.GetProperty("Zero")!.GetMethod!);
            il.Emit(OpCodes.Stloc, sum);
        }
    }

    private void EmitLoop()
    {
        Label step = il.DefineLabel();
        Label end = il.DefineLabel();
        il.Emit(OpCodes.Ldc_I4_0);
        il.Emit(OpCodes.Conv_I);
        il.Emit(OpCodes.Stloc, place);
        il.Emit(OpCodes.Ldarg, Parameter.Bytes);
        il.Emit(OpCodes.Brfalse, end);
        il.MarkLabel(step);
        for (int column = 0; column < rightRows.Length; column++)
        {
            EmitLoad(rightRows[column]);
            il.Emit(OpCodes.Stloc, right[column]);
        }

        for (int row = 0; row < leftRows.Length; row++)
        {
            EmitLoad(leftRows[row]);
            il.Emit(OpCodes.Stloc, left);
            for (int column = 0; column < rightRows.Length; column++)
            {
                LocalBuilder sum = sums[(row * rightRows.Length) + column];
                il.Emit(OpCodes.Ldloc, left);
                il.Emit(OpCodes.Ldloc, right[column]);
                il.Emit(OpCodes.Ldloc, sum);
                il.Emit(OpCodes.Call, VectorMethods.Operation(shape.Bits, "MultiplyAddEstimate", shape.Type.Element));
                il.Emit(OpCodes.Stloc, sum);
            }
        }

        il.Emit(OpCodes.Ldloc, place);
        il.Emit(OpCodes.Ldc_I4, shape.Bits / 8);
        il.Emit(OpCodes.Conv_I);
        il.Emit(OpCodes.Add);
        il.Emit(OpCodes.Stloc, place);
        il.Emit(OpCodes.Ldloc, place);
        il.Emit(OpCodes.Ldarg, Parameter.Bytes);
        il.Emit(OpCodes.Bne_Un, step);
        il.MarkLabel(end);
    }

    private void EmitEnd()
    {
        for (int index = 0; index < sums.Length; index++)
        {
            il.Emit(OpCodes.Ldarg, Parameter.Sums);
            il.Emit(OpCodes.Ldc_I4, index * shape.Bits / 8);
            il.Emit(OpCodes.Conv_I);
            il.Emit(OpCodes.Add);
            il.Emit(OpCodes.Ldloc, sums[index]);
            operations.Store(shape.Type);
        }

        il.Emit(OpCodes.Ret);
    }

    private void EmitLoad(LocalBuilder row)
    {
        il.Emit(OpCodes.Ldloc, row);
        il.Emit(OpCodes.Ldloc, place);
        il.Emit(OpCodes.Add);
        operations.Load(shape.Type);
    }

    private LocalBuilder[] Locals(int count, Type type)
    {
        LocalBuilder[] locals = new LocalBuilder[count];
        foreach (ref LocalBuilder local in locals.AsSpan())
        {
            local = il.DeclareLocal(type);
        }

        return locals;
    }

    /// <summary>The parameters of <see cref="DotTileBody"/>, after the ignored object.</summary>
    private static class Parameter
    {
        public const short Bytes = 1;
        public const short A = 2;
        public const short RowBytes = 3;
        public const short B = 4;
        public const short Offsets = 5;
        public const short Sums = 6;
    }
}
