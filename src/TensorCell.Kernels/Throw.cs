using System.Diagnostics;
using TensorCell.Kernels.Ir;

namespace TensorCell.Kernels;

/// <summary>The errors of this room, in the user's terms.</summary>
[StackTraceHidden]
internal static partial class Throw
{
    public static NotSupportedException NotComputed(DType type) =>
        new($"kernel: {type.Name} values are stored but not computed in; convert to f32, f64, i32, i64 or bool first");

    public static ArgumentException OperationUndefined(string operation, DType type) =>
        new($"kernel: {operation} is not defined on {type.Name}");

    public static ArgumentException TypesDiffer(string operation, DType left, DType right) =>
        new($"kernel: {operation} needs operands of one type; found {left.Name} and {right.Name}: convert one of them");

    public static ArgumentException ArgumentCount(string kernel, string what, int found, int wanted) =>
        new($"kernel {kernel}: {wanted} {what} wanted, {found} given");

    public static ArgumentException ArgumentType(string kernel, string what, int index, DType found, DType wanted) =>
        new($"kernel {kernel}: {what} {index} is {wanted.Name}; {found.Name} given");

    public static ArgumentException TooManyInputs(string kernel, int found, int most) =>
        new($"kernel {kernel}: {found} inputs; a kernel takes at most {most}: split it");

    public static ArgumentException Strides(string kernel, string what, int index, int found, int rank) =>
        new($"kernel {kernel}: {what} {index} has {found} strides for {rank} dimensions");

    public static ArgumentException InputIndex(string kernel, string what, int index, int count) =>
        new($"kernel {kernel}: its body uses {what} {index}; it declares {count}");

    public static ArgumentException EmptyReduction(ReduceOperation operation) =>
        new($"{operation.ToString().ToLowerInvariant()}: no values to reduce; a {operation} needs at least one");

    public static ArgumentException ReducedDimension(int dimension, int rank) =>
        new($"reduce: dimension {dimension} of {rank} dimensions");

    public static NotSupportedException NotDifferentiable(string kernel) =>
        new($"kernel {kernel}: its result is made from the bits of a value (BitConverter, CopySign), which has no derivative: write it with arithmetic, or give the derivative yourself");

    public static ArgumentOutOfRangeException NegativeExtent(int rank, int z, int y, int x) => new(
        "extent",
        $"extent: {(rank == 3 ? $"{z} x {y} x {x}" : rank == 2 ? $"{y} x {x}" : $"{x}")}: an extent is 0 or more");

    public static ArgumentOutOfRangeException LargeExtent(int z, int y, int x) => new(
        "extent",
        $"extent: {z} x {y} x {x}: more items than 64 bits count: launch fewer at a time");

    public static IndexOutOfRangeException ViewIndex(Array? array, params ReadOnlySpan<int> index)
    {
        var dimension = 0;
        while (array is not null && (uint)index[dimension] < (uint)array.GetLength(dimension))
        {
            dimension++;
        }

        return new($"view: index {index[dimension]} of dimension {dimension}, whose extent is {array?.GetLength(dimension) ?? 0}");
    }

    public static ArgumentOutOfRangeException ViewDimension(int dimension, int rank) =>
        new(nameof(dimension), $"view: dimension {dimension} of {rank}: dimensions count from 0");

    public static InvalidOperationException OutsideKernel(string member) =>
        new($"Group.{member}: groups exist only inside a compiled kernel: launch it with GridKernel");

    public static NotSupportedException NoElementType(Type type) =>
        new($"view: {type} is no element type of a kernel; use a number of C# or bool");

    public static ArgumentNullException NullView(StorageType storage, string parameter) =>
        new(parameter, $"kernel: null was given for an array of {storage.Name}: make the array before the launch");

    public static IndexOutOfRangeException KernelIndex(string kernel, string view, int dimension, long index, long extent) => new(
        $"kernel {kernel}: {view}: index {index} of dimension {dimension}, whose extent is {extent}; indices count from 0: check it in the kernel before the access, or launch fewer items");

    public static NotSupportedException NotElementwise(string kernel) => new(
        $"kernel {kernel}: it stores to views, so that its derivative cannot be found by itself; give it with [Kernel(Gradient = nameof(…))], or return the value instead");
}
