using System.Diagnostics;

namespace TensorCell.Kernels;

/// <summary>What kind of work a <see cref="TraceEvent"/> tells of.</summary>
public enum TraceKind
{
    /// <summary>A kernel ran.</summary>
    Kernel,

    /// <summary>A kernel was compiled.</summary>
    Compile,

    /// <summary>Bytes were copied.</summary>
    Copy,

    /// <summary>A file was read and parsed.</summary>
    Parse,
}

/// <summary>One piece of work the engine did.</summary>
/// <param name="Kind">What kind of work.</param>
/// <param name="Name">The kernel's or file's name.</param>
/// <param name="Device">The device that did it.</param>
/// <param name="Start"><see cref="Stopwatch.GetTimestamp"/> at its start.</param>
/// <param name="End"><see cref="Stopwatch.GetTimestamp"/> at its end.</param>
/// <param name="Bytes">Bytes read and written, by the algorithm's own count.</param>
/// <param name="Flops">Floating-point operations, by the algorithm's own count.</param>
public readonly record struct TraceEvent(
    TraceKind Kind, string Name, string Device, long Start, long End, long Bytes, double Flops)
{
    /// <summary>Whether <see cref="Flops"/> counts loops whose number of turns the data decides as one turn: there were at least so many.</summary>
    public bool FlopsAreLeast { get; init; }

    /// <summary>How long it took.</summary>
    public TimeSpan Duration => Stopwatch.GetElapsedTime(Start, End);
}

/// <summary>The one sink that the engine's rooms tell of their work; silent, and nearly free, until one listens.</summary>
public static class Tracing
{
    private static Action<TraceEvent>? sink;

    /// <summary>Whether anybody listens; ask before computing an event's fields.</summary>
    public static bool IsEnabled => Volatile.Read(ref sink) is not null;

    /// <summary>Hands an event to whoever listens.</summary>
    public static void Write(in TraceEvent traceEvent) => Volatile.Read(ref sink)?.Invoke(traceEvent);

    /// <summary>Listens until the result is disposed. Called on the thread that did the work; must be quick and thread-safe.</summary>
    public static IDisposable Listen(Action<TraceEvent> listener)
    {
        Action<TraceEvent>? before;
        do
        {
            before = Volatile.Read(ref sink);
        }
        while (Interlocked.CompareExchange(ref sink, before + listener, before) != before);
        return new Listening(listener);
    }

    private sealed class Listening(Action<TraceEvent> listener) : IDisposable
    {
        public void Dispose()
        {
            Action<TraceEvent>? before;
            do
            {
                before = Volatile.Read(ref sink);
            }
            while (Interlocked.CompareExchange(ref sink, before - listener, before) != before);
        }
    }
}
