using System.Diagnostics;

namespace TensorCell.Data.Parsing;

/// <summary>Counts what has been read, from all threads, and tells about it now and then.</summary>
internal sealed class ReadMeter(long totalBytes, IProgress<ReadProgress>? progress, long startedAt)
{
    private static readonly long interval = Stopwatch.Frequency / 20;
    private long bytes;
    private long rows;
    private long reportedAt = Stopwatch.GetTimestamp();

    /// <summary>Counts a chunk.</summary>
    public void Add(long chunkBytes, long chunkRows)
    {
        long bytesSoFar = Interlocked.Add(ref bytes, chunkBytes);
        long rowsSoFar = Interlocked.Add(ref rows, chunkRows);
        if (progress is null)
        {
            return;
        }

        long now = Stopwatch.GetTimestamp();
        long last = Volatile.Read(ref reportedAt);
        if (now - last >= interval && Interlocked.CompareExchange(ref reportedAt, now, last) == last)
        {
            progress.Report(new ReadProgress(bytesSoFar, totalBytes, rowsSoFar, Stopwatch.GetElapsedTime(startedAt, now)));
        }
    }

    /// <summary>Tells of the end.</summary>
    public void Finish(long finalRows) =>
        progress?.Report(new ReadProgress(totalBytes, totalBytes, finalRows, Stopwatch.GetElapsedTime(startedAt)));
}
