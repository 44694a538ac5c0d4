using TensorCell.Kernels;

namespace TensorCell.Interactive;

/// <summary>All the work of one kind and name that a profiled cell did.</summary>
/// <param name="Kind">Kernel, compilation, copy or parse.</param>
/// <param name="Name">The kernel's or file's name.</param>
/// <param name="Device">The device that did it.</param>
/// <param name="Count">How many times.</param>
/// <param name="Seconds">Seconds in all, without those of other work that ran within it.</param>
public sealed record ProfiledWork(TraceKind Kind, string Name, string Device, long Count, double Seconds)
{
    /// <summary>Seconds of the shortest.</summary>
    public double Shortest { get; init; }

    /// <summary>Seconds of the longest.</summary>
    public double Longest { get; init; }

    /// <summary>The share of the cell's time that it took; several threads together may take more than 1.</summary>
    public double Share { get; init; }

    /// <summary>Bytes read and written in all, by the algorithm's own count.</summary>
    public double Bytes { get; init; }

    /// <summary>Floating-point operations in all, by the algorithm's own count.</summary>
    public double Flops { get; init; }

    /// <summary>Whether <see cref="Flops"/> counts loops whose number of turns the data decides as one turn: there were at least so many.</summary>
    public bool FlopsAreLeast { get; init; }

    /// <summary>Bytes read and written per second.</summary>
    public double BytesPerSecond => Seconds > 0 ? Bytes / Seconds : 0;

    /// <summary>Floating-point operations per second.</summary>
    public double FlopsPerSecond => Seconds > 0 ? Flops / Seconds : 0;

    /// <summary>Floating-point operations per byte read or written: the horizontal axis of a roofline chart.</summary>
    public double Intensity => Bytes > 0 ? Flops / Bytes : 0;
}
