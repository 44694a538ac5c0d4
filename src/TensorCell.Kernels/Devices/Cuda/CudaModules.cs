using System.Diagnostics;
using System.Runtime.CompilerServices;
using TensorCell.Kernels.Ptx;

namespace TensorCell.Kernels;

/// <summary>The kernels that a device has compiled: equal texts are compiled once, and beyond a bound all are forgotten.</summary>
internal sealed class CudaModules(CudaDevice device)
{
    private const int Limit = 1024;

    private readonly Lock access = new();
    private readonly Dictionary<string, (nint Module, nint Function)> modules = [];
    private ConditionalWeakTable<PtxKernel, object> functions = [];

    /// <summary>How many are compiled now.</summary>
    public int Count => modules.Count;

    /// <summary>Enqueues a launch of a kernel, compiled if it is not.</summary>
    /// <param name="kernel">The kernel.</param>
    /// <param name="launch">How it is launched.</param>
    /// <param name="parameters">Where the bytes of each parameter lie.</param>
    public void Launch(PtxKernel kernel, PtxLaunch launch, ReadOnlySpan<nint> parameters)
    {
        // Under the lock, so that no other thread forgets the kernel before it is in the queue.
        lock (access)
        {
            device.Driver.Launch(Function(kernel), launch.Grid, launch.Block, parameters, device.Stream);
        }
    }

    private nint Function(PtxKernel kernel)
    {
        if (functions.TryGetValue(kernel, out var known))
        {
            return (nint)known;
        }

        if (!modules.TryGetValue(kernel.Text, out var loaded))
        {
            if (modules.Count >= Limit)
            {
                Forget();
            }

            var start = Stopwatch.GetTimestamp();
            var module = device.Driver.LoadModule(kernel.Text);
            loaded = (module, device.Driver.Function(module, kernel.Entry));
            modules.Add(kernel.Text, loaded);
            if (Tracing.IsEnabled)
            {
                Tracing.Write(new(TraceKind.Compile, kernel.Program.Name, device.Name, start, Stopwatch.GetTimestamp(), 0, 0));
            }
        }

        functions.Add(kernel, loaded.Function);
        return loaded.Function;
    }

    private void Forget()
    {
        device.Synchronize();
        foreach (var (module, _) in modules.Values)
        {
            device.Driver.UnloadModule(module);
        }

        modules.Clear();
        functions = [];
    }
}
