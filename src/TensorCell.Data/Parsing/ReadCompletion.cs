using System.Diagnostics;
using TensorCell.Kernels;

namespace TensorCell.Data.Parsing;

/// <summary>The end of every reading: bad rows thrown or left out, and the frame with its report.</summary>
internal sealed class ReadCompletion(ByteSource source, BadRows policy, FaultLog faults, ReadMeter meter, long startedAt)
{
    /// <summary>Throws the first fault, unless bad rows are to be left out and others can be told from them.</summary>
    /// <param name="nameOf">The name of a column by its number.</param>
    public void ThrowFaults(Func<int, string> nameOf)
    {
        RecordFault[] thrown = policy == BadRows.Throw ? [.. faults.First.Take(1)]
            : faults.Fatal is RecordFault fatal ? [fatal]
            : [];
        if (thrown.Length > 0)
        {
            throw Locate(thrown, nameOf)[0];
        }
    }

    /// <summary>The frame without its bad rows and with a report.</summary>
    /// <param name="frame">All rows that were read.</param>
    /// <param name="nameOf">The name of a column by its number.</param>
    public Frame Complete(Frame frame, Func<int, string> nameOf)
    {
        if (faults.BadRows.Count > 0)
        {
            HashSet<int> bad = [.. faults.BadRows];
            frame = frame.Take([.. Enumerable.Range(0, frame.RowCount).Where(row => !bad.Contains(row))]);
        }

        long end = Stopwatch.GetTimestamp();
        if (Tracing.IsEnabled)
        {
            Tracing.Write(new TraceEvent(TraceKind.Parse, source.Name, Device.Cpu.Name, startedAt, end, source.Length, 0));
        }

        meter.Finish(frame.RowCount);
        TimeSpan elapsed = Stopwatch.GetElapsedTime(startedAt, end);
        return new Frame(frame.Columns)
        {
            Report = new ReadReport(source.Name, source.Length, frame.RowCount, faults.Count, Locate([.. faults.First], nameOf), elapsed),
        };
    }

    private ReadException[] Locate(RecordFault[] found, Func<int, string> nameOf)
    {
        long[] lines = LineCounter.LinesAt(source, Array.ConvertAll(found, fault => fault.Offset));
        ReadException[] located = new ReadException[found.Length];
        for (int index = 0; index < located.Length; index++)
        {
            string? column = found[index].Column < 0 ? null : nameOf(found[index].Column);
            located[index] = Throw.Read(source, lines[index], column, found[index].Problem);
        }

        return located;
    }
}
