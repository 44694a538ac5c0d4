using System.Diagnostics;
using TensorCell.Kernels.Ir;
using TensorCell.Kernels.Ptx;

namespace TensorCell.Kernels;

/// <summary>Runs grid programs whose views lie on a CUDA device.</summary>
internal static class CudaGrid
{
    /// <summary>The device that the views lie on, or null if they lie in the host's memory.</summary>
    /// <exception cref="ArgumentException">They lie on different devices.</exception>
    public static CudaDevice? DeviceOf(GridProgram program, ReadOnlySpan<KernelArgument> views)
    {
        for (var i = 1; i < views.Length; i++)
        {
            if (OwnerOf(views[i]) != OwnerOf(views[0]))
            {
                throw Throw.MixedDevices(
                    program.Name, program.Views[0].Name, NameOf(views[0]), program.Views[i].Name, NameOf(views[i]));
            }
        }

        return views.IsEmpty ? null : OwnerOf(views[0]);
    }

    /// <summary>Runs a program once for each item.</summary>
    /// <param name="device">Where.</param>
    /// <param name="program">The program, without results.</param>
    /// <param name="extent">How many items.</param>
    /// <param name="views">One view for each of the program's.</param>
    /// <param name="isStored">Which of the views the program stores to.</param>
    /// <param name="uniforms">The values of all uniforms.</param>
    /// <exception cref="IndexOutOfRangeException">An access was out of range.</exception>
    /// <exception cref="DivideByZeroException">An integer was divided by zero.</exception>
    public static void Run(
        CudaDevice device, GridProgram program, Extent extent, ReadOnlySpan<KernelArgument> views, ReadOnlySpan<bool> isStored, ReadOnlySpan<Scalar> uniforms)
    {
        if (extent.Count == 0)
        {
            return;
        }

        var start = Stopwatch.GetTimestamp();
        var given = new PtxView[views.Length];
        long bytes = 0;
        for (var i = 0; i < given.Length; i++)
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

        device.Launch(CudaPrograms.Get(program), given, uniforms, [extent.X, extent.Y, extent.Z]);
        foreach (ref readonly var view in views)
        {
            GC.KeepAlive(view.Memory.Owner);
        }

        if (Tracing.IsEnabled)
        {
            device.Synchronize();
            Tracing.Write(new(TraceKind.Kernel, program.Name, device.Name, start, Stopwatch.GetTimestamp(), bytes, 0));
        }
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
