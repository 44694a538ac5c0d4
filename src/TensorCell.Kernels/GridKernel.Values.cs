using System.Numerics;
using System.Runtime.CompilerServices;
using TensorCell.Kernels.Ir;
using TensorCell.Kernels.Simd;

namespace TensorCell.Kernels;

/// <summary>Kernels that return a value for each item.</summary>
public sealed unsafe partial class GridKernel
{
    /// <summary>Runs the kernel and returns what each item returns, item after item, X varying fastest.</summary>
    /// <typeparam name="T">The type of the values: float, double, int, uint, long, ulong or bool.</typeparam>
    /// <exception cref="ArgumentException">The kernel does not return one such value, or extent or arguments do not fit it.</exception>
    /// <exception cref="IndexOutOfRangeException">An access was out of range.</exception>
    /// <exception cref="DivideByZeroException">An integer was divided by zero.</exception>
    public T[] Map<T>(Extent extent, params ReadOnlySpan<KernelArgument> arguments)
        where T : unmanaged
    {
        var result = OnlyResult();
        if (StorageTypes.Of(typeof(T)) is not { } storage || storage.Computed != result || storage.Size != result.Size)
        {
            throw Throw.KernelResult(Name, result, typeof(T));
        }

        var values = extent.Count <= Array.MaxLength ? GC.AllocateUninitializedArray<T>((int)extent.Count) : throw Throw.KernelValues(Name, extent);
        fixed (T* first = values)
        {
            LaunchInto(extent, arguments, (nint)first);
        }

        return values;
    }

    /// <summary>Runs the kernel and folds what its items return. The result does not depend on the number of threads.</summary>
    /// <typeparam name="T">The type of the result: that of the values, or long for the Arg operations, which give the flat index of an item.</typeparam>
    /// <exception cref="ArgumentException">The kernel does not return one number, or extent or arguments do not fit it.</exception>
    /// <exception cref="IndexOutOfRangeException">An access was out of range.</exception>
    /// <exception cref="DivideByZeroException">An integer was divided by zero.</exception>
    public T Reduce<T>(Extent extent, ReduceOperation operation, params ReadOnlySpan<KernelArgument> arguments)
        where T : unmanaged
    {
        var type = OnlyResult();
        var given = operation is ReduceOperation.ArgMax or ReduceOperation.ArgMin ? DType.Int64 : type;
        if (type == DType.Bool || StorageTypes.Of(typeof(T)) is not { } storage || storage.Computed != given || storage.Size != given.Size)
        {
            throw Throw.KernelResult(Name, given, typeof(T));
        }

        if (operation == ReduceOperation.Mean && !type.IsFloatingPoint)
        {
            throw Throw.OperationUndefined("Mean", type);
        }

        var result = operation == ReduceOperation.Mean ? Scalar.From(type, double.NaN) : new Scalar(given, 0);
        if (extent.Count == 0 && operation is not (ReduceOperation.Sum or ReduceOperation.Mean))
        {
            throw Throw.EmptyReduction(operation);
        }

        result = Run(extent, arguments, [0], launch => result = GridReduction.Run(launch, operation, type), operation) ?? result;
        var bits = result.Bits;
        return Unsafe.As<long, T>(ref bits);
    }

    /// <summary>Runs the kernel over one axis and scans what its items return: each value combined with all before it.</summary>
    /// <param name="count">How many items.</param>
    /// <param name="operation">How values combine.</param>
    /// <param name="exclusive">Whether an item's own value is left out.</param>
    /// <param name="arguments">The kernel's parameters after the index.</param>
    /// <exception cref="ArgumentException">The kernel does not return one number, or extent or arguments do not fit it.</exception>
    public T[] Scan<T>(int count, ScanOperation operation, bool exclusive = false, params ReadOnlySpan<KernelArgument> arguments)
        where T : unmanaged, INumber<T>, IMinMaxValue<T>
    {
        var values = Map<T>(count, arguments);
        GridScan.Run<T>(values, operation, exclusive);
        return values;
    }

    /// <summary>
    /// Replaces each value by its combination with all before it, on all cores; the result does not depend on how many there are. Sums of
    /// floating-point values are rounded in blocks.
    /// </summary>
    /// <param name="values">The values, replaced in place.</param>
    /// <param name="operation">How values combine.</param>
    /// <param name="exclusive">Whether a value itself is left out.</param>
    public static void Scan<T>(View<T> values, ScanOperation operation, bool exclusive = false)
        where T : unmanaged, INumber<T>, IMinMaxValue<T> => GridScan.Run(values, operation, exclusive);

    private DType OnlyResult() => program.Results is [var result] && program.GroupExtents.IsEmpty ? result.Type : throw Throw.KernelResults(Name, program.Results.Length);
}
