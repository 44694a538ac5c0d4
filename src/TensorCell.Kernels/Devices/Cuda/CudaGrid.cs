using System.Diagnostics;
using System.Runtime.CompilerServices;
using TensorCell.Kernels.Ir;
using TensorCell.Kernels.Passes;
using TensorCell.Kernels.Ptx;

namespace TensorCell.Kernels;

/// <summary>A launch of a grid program whose views lie on a CUDA device.</summary>
/// <param name="device">Where.</param>
/// <param name="program">The program.</param>
/// <param name="extent">How many items; at least one.</param>
/// <param name="views">One view for each of the program's.</param>
/// <param name="isStored">Which of the views the program stores to.</param>
/// <param name="uniforms">The values of all uniforms.</param>
internal sealed unsafe class CudaGrid(
    CudaDevice device, GridProgram program, Extent extent, KernelArgument[] views, bool[] isStored, Scalar[] uniforms)
{
    private static readonly ConditionalWeakTable<GridProgram, KernelFunction> folds = [];

    /// <summary>The device that the views lie on, or null if they lie in the host's memory.</summary>
    /// <exception cref="ArgumentException">They lie on different devices.</exception>
    public static CudaDevice? DeviceOf(GridProgram program, ReadOnlySpan<KernelArgument> views)
    {
        var first = views.IsEmpty ? null : OwnerOf(views[0]);
        for (var i = 1; i < views.Length; i++)
        {
            if (OwnerOf(views[i]) != first)
            {
                throw Throw.MixedDevices(
                    program.Name, program.Views[0].Name, NameOf(views[0]), program.Views[i].Name, NameOf(views[i]));
            }
        }

        return first;
    }

    /// <summary>Runs the program once for each item.</summary>
    /// <param name="results">Where, in the host's memory, what items return goes, X varying fastest; empty to leave it.</param>
    /// <exception cref="IndexOutOfRangeException">An access was out of range.</exception>
    /// <exception cref="DivideByZeroException">An integer was divided by zero.</exception>
    public void Run(nint[] results)
    {
        if (results.Length == 0)
        {
            Launch(ResultViews.Without(program), []);
            return;
        }

        var buffers = ResultBuffers();
        try
        {
            Launch(ResultViews.Of(program), buffers);
            for (var i = 0; i < results.Length; i++)
            {
                device.CopyTo(results[i], buffers[i], 0, buffers[i].ByteLength);
            }
        }
        finally
        {
            Array.ForEach(buffers, buffer => buffer.Dispose());
        }
    }

    /// <summary>Runs the program once for each item and folds its result.</summary>
    public Scalar Reduce(ReduceOperation operation)
    {
        var type = program.Results[0].Type;
        var folded = new FoldRules(operation, type).ResultType;
        var buffers = ResultBuffers();
        using var target = device.Pool.Rent(sizeof(long));
        try
        {
            Launch(ResultViews.Of(program), buffers);
            CudaReduction.Run(
                device,
                folds.GetValue(program, static program => Fold(program.Name, program.Results[0].Type)),
                operation,
                [extent.Count],
                [0],
                [new(buffers[0].Address, type, [type.Size])],
                new(target.Address, folded, [0]),
                []);
        }
        finally
        {
            Array.ForEach(buffers, buffer => buffer.Dispose());
        }

        long bits = 0;
        device.CopyTo((nint)(&bits), target, 0, folded.Size);
        return new(folded, folded == DType.Int32 ? (int)bits : bits);
    }

    /// <summary>What folds the results once they are stored.</summary>
    private static KernelFunction Fold(string name, DType type) => KernelFunction.Create(name, [type], [], Node.Parameter(0, type));

    private CudaBuffer[] ResultBuffers() => [.. program.Results.Select(result => device.Pool.Rent(extent.Count * result.Type.Size))];

    private void Launch(GridProgram launched, CudaBuffer[] results)
    {
        var start = Stopwatch.GetTimestamp();
        var given = new PtxView[launched.Views.Length];
        long bytes = 0;
        for (var i = 0; i < views.Length; i++)
        {
            ref readonly var view = ref views[i];
            var (lengths, strides) = (new int[view.Rank], new long[view.Rank]);
            long count = view.Storage.Size;
            for (var d = 0; d < view.Rank; d++)
            {
                (lengths[d], strides[d]) = (view.Length(d), view.Stride(d) * (long)view.Storage.Size);
                count *= lengths[d];
            }

            given[i] = new(AddressOf(view.Memory, isStored[i]), lengths, strides);
            bytes += count;
        }

        int[] space = [extent.Z, extent.Y, extent.X];
        for (var i = 0; i < results.Length; i++)
        {
            given[views.Length + i] = Contiguous(results[i].Address, space[^program.Rank..], program.Results[i].Type.Size);
            bytes += results[i].ByteLength;
        }

        device.Launch(CudaPrograms.Get(launched), given, uniforms, [extent.X, extent.Y, extent.Z]);
        foreach (ref readonly var view in views.AsSpan())
        {
            GC.KeepAlive(view.Memory.Owner);
        }

        if (Tracing.IsEnabled)
        {
            device.Synchronize();
            Tracing.Write(new(TraceKind.Kernel, program.Name, device.Name, start, Stopwatch.GetTimestamp(), bytes, 0));
        }
    }

    private static PtxView Contiguous(nint address, int[] lengths, int size)
    {
        var strides = new long[lengths.Length];
        long stride = size;
        for (var d = strides.Length - 1; d >= 0; d--)
        {
            strides[d] = stride;
            stride *= lengths[d];
        }

        return new(address, lengths, strides);
    }

    private static CudaDevice? OwnerOf(in KernelArgument view) => view.Memory.Owner switch
    {
        CudaBuffer buffer => buffer.Device,
        IKernelMemory memory => memory.Device as CudaDevice,
        _ => null,
    };

    private static nint AddressOf(in ViewMemory memory, bool isStored) =>
        memory.Offset + (memory.Owner is IKernelMemory asked ? asked.Address(isStored) : 0);

    private static string NameOf(in KernelArgument view) => OwnerOf(view)?.Name ?? Device.Cpu.Name;
}
