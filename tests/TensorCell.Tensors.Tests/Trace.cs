using TensorCell.Kernels;

namespace TensorCell.Tensors.Tests;

/// <summary>The kernels that the calling thread launches and compiles while this is open.</summary>
internal sealed class Trace : IDisposable
{
    private readonly int thread = Environment.CurrentManagedThreadId;
    private readonly List<TraceEvent> events = [];
    private readonly IDisposable listening;

    public Trace() => listening = Tracing.Listen(traceEvent =>
    {
        if (Environment.CurrentManagedThreadId == thread)
        {
            events.Add(traceEvent);
        }
    });

    /// <summary>The kernels that ran.</summary>
    public IReadOnlyList<TraceEvent> Kernels => [.. events.Where(traceEvent => traceEvent.Kind == TraceKind.Kernel)];

    /// <summary>The kernels that had to be compiled.</summary>
    public IReadOnlyList<TraceEvent> Compiled => [.. events.Where(traceEvent => traceEvent.Kind == TraceKind.Compile)];

    public void Dispose() => listening.Dispose();
}
