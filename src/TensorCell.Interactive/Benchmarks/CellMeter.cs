using System.Diagnostics;

namespace TensorCell.Interactive.Benchmarks;

/// <summary>Adds up what stretches of a cell take.</summary>
internal sealed class CellMeter : ICellMeter, IDisposable
{
    private readonly Process process = Process.GetCurrentProcess();
    private Collections collections;
    private long bytes;
    private TimeSpan processor;
    private TimeSpan wall;
    private long start;

    /// <summary>What was metered so far.</summary>
    public CellTime Total =>
        new(wall, processor, bytes, [collections.Generation0, collections.Generation1, collections.Generation2]);

    /// <inheritdoc/>
    public void Resume()
    {
        collections -= Collections.Now;
        bytes -= GC.GetTotalAllocatedBytes(precise: true);
        process.Refresh();
        processor -= process.TotalProcessorTime;
        start = Stopwatch.GetTimestamp();
    }

    /// <inheritdoc/>
    public void Pause()
    {
        wall += Stopwatch.GetElapsedTime(start);
        process.Refresh();
        processor += process.TotalProcessorTime;
        bytes += GC.GetTotalAllocatedBytes(precise: true);
        collections += Collections.Now;
    }

    /// <inheritdoc/>
    public void Dispose() => process.Dispose();
}
