using TensorCell.Kernels;

namespace TensorCell.Tensors.Tests;

/// <summary>The kernels that the calling thread launches while this is open.</summary>
internal sealed class Trace : IDisposable
{
    private readonly int thread = Environment.CurrentManagedThreadId;
    private readonly List<TraceEvent> events = [];
    private readonly IDisposable listening;

    public Trace() => listening = Tracing.Listen(traceEvent =>
    {
        if (Environment.CurrentManagedThreadId == thread && traceEvent.Kind == TraceKind.Kernel)
        {
            events.Add(traceEvent);
        }
    });

    /// <summary>What was launched so far.</summary>
    public IReadOnlyList<TraceEvent> Kernels => events;

    public void Dispose() => listening.Dispose();
}
