using TensorCell.Kernels;

namespace TensorCell.Interactive;

/// <summary>One piece of work of a profiled cell; or several short ones in a row, where a cell had more than are kept singly.</summary>
/// <param name="Kind">Kernel, compilation, copy or parse.</param>
/// <param name="Name">The kernel's or file's name; of several, that of the one which took longest.</param>
/// <param name="Device">The device that did it.</param>
/// <param name="Thread">The managed thread that asked for it.</param>
/// <param name="Start">Seconds from the cell's beginning to its start.</param>
/// <param name="Seconds">Seconds from its start to its end.</param>
public sealed record ProfiledEvent(TraceKind Kind, string Name, string Device, int Thread, double Start, double Seconds)
{
    /// <summary>How many pieces of work it stands for.</summary>
    public long Count { get; init; } = 1;

    /// <summary>Seconds of work in it: less than <see cref="Seconds"/> where it stands for several with gaps between them.</summary>
    public double BusySeconds { get; init; } = Seconds;

    /// <summary>Bytes read and written, by the algorithm's own count.</summary>
    public long Bytes { get; init; }

    /// <summary>Floating-point operations, by the algorithm's own count.</summary>
    public double Flops { get; init; }

    /// <summary>Whether <see cref="Flops"/> counts loops whose number of turns the data decides as one turn: there were at least so many.</summary>
    public bool FlopsAreLeast { get; init; }
}
