using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Tracing;
using System.Globalization;

namespace TensorCell.Kernels.Simd;

/// <summary>
/// Where the runtime placed the machine code of emitted methods, by its MethodLoadVerbose events. They are listened to only while somebody
/// wants to know: each costs the runtime's compiler a little.
/// </summary>
internal static class MethodLoads
{
    private const string NameMark = " #";
    private static readonly Lock gate = new();
    private static readonly ConcurrentDictionary<string, (nint Address, int Length)> places = new();
    private static Listener? listener;
    private static int wanted;
    private static long lastName;

    /// <summary>A name that starts as given and that no other emitted method of this process has.</summary>
    public static string UniqueName(string name) =>
        name + NameMark + Interlocked.Increment(ref lastName).ToString(CultureInfo.InvariantCulture);

    /// <summary>Listens until the result is disposed.</summary>
    public static IDisposable Listen()
    {
        lock (gate)
        {
            if (wanted++ == 0)
            {
                listener = new Listener();
            }
        }

        return new Listening();
    }

    /// <summary>Whether the place of a method is known by now.</summary>
    public static bool TryFind(string methodName, out (nint Address, int Length) place) => places.TryGetValue(methodName, out place);

    /// <summary>Waits for the place of a method that was compiled while this listened: events come some milliseconds late, on a thread of their own.</summary>
    /// <returns>Whether it came.</returns>
    public static bool TryAwait(string methodName, TimeSpan patience, out (nint Address, int Length) place)
    {
        var start = Stopwatch.GetTimestamp();
        while (!places.TryGetValue(methodName, out place))
        {
            if (Stopwatch.GetElapsedTime(start) > patience)
            {
                return false;
            }

            Interruption.Check();
            Thread.Sleep(1);
        }

        return true;
    }

    private sealed class Listening : IDisposable
    {
        private bool isDisposed;

        public void Dispose()
        {
            lock (gate)
            {
                if (!isDisposed && --wanted == 0)
                {
                    listener?.Dispose();
                    listener = null;
                    places.Clear();
                }

                isDisposed = true;
            }
        }
    }

    private sealed class Listener : EventListener
    {
        private const string Runtime = "Microsoft-Windows-DotNETRuntime";
        private const EventKeywords Jit = (EventKeywords)0x10;

        protected override void OnEventSourceCreated(EventSource eventSource)
        {
            if (eventSource.Name == Runtime)
            {
                EnableEvents(eventSource, EventLevel.Verbose, Jit);
            }
        }

        protected override void OnEventWritten(EventWrittenEventArgs eventData)
        {
            if (eventData.EventName?.StartsWith("MethodLoadVerbose", StringComparison.Ordinal) == true
                && Field(eventData, "MethodName") is string name
                && name.Contains(NameMark, StringComparison.Ordinal)
                && Field(eventData, "MethodStartAddress") is ulong address
                && Field(eventData, "MethodSize") is uint length)
            {
                places[name] = ((nint)address, (int)length);
            }
        }

        private static object? Field(EventWrittenEventArgs eventData, string name) =>
            eventData.PayloadNames?.IndexOf(name) is >= 0 and var place ? eventData.Payload![place] : null;
    }
}
