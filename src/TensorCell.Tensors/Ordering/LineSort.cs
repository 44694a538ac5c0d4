using TensorCell.Kernels;

namespace TensorCell.Tensors.Ordering;

/// <summary>Sorts lines that follow one another in memory: many beside each other, or one after the other on all cores.</summary>
internal sealed unsafe class LineSort<T, TRecord, TRule>
    where T : unmanaged
    where TRecord : unmanaged
    where TRule : struct, ISortRecord<T, TRecord>
{
    private const int LongLine = 1 << 17;
    private const int TaskLength = 1 << 14;

    private readonly SortTarget<T> target;
    private readonly long lines;
    private readonly int length;

    /// <summary>Prepares a sort.</summary>
    /// <param name="target">The lines and where they go.</param>
    /// <param name="lines">How many lines there are.</param>
    /// <param name="length">How many elements each has.</param>
    public LineSort(SortTarget<T> target, long lines, int length)
    {
        this.target = target;
        this.lines = lines;
        this.length = length;
    }

    /// <summary>Sorts all lines.</summary>
    public void Run()
    {
        if (length >= LongLine && lines < 4 * Workers.ThreadCount)
        {
            using CpuBuffer scratch = CpuBuffer.Allocate(2L * length * sizeof(TRecord));
            TRecord* records = (TRecord*)scratch.Address;
            for (long line = 0; line < lines; line++)
            {
                new ParallelSort<T, TRecord, TRule>(target.Offset(line * length), records, records + length).Run(length);
            }
        }
        else if (LineNetwork<T, TRecord, TRule>.Serves(lines, length))
        {
            new LineNetwork<T, TRecord, TRule>(target, lines, length).Run();
        }
        else
        {
            Shared();
        }
    }

    /// <summary>Each thread sorts whole lines.</summary>
    private void Shared()
    {
        int perTask = Math.Max(TaskLength / length, 1);
        int tasks = checked((int)((lines + perTask - 1) / perTask));
        int threads = Math.Min(Workers.ThreadCount, tasks);
        using CpuBuffer scratch = CpuBuffer.Allocate(2L * length * sizeof(TRecord) * threads);
        Workers.For(tasks, (task, participant) =>
        {
            TRecord* records = (TRecord*)scratch.Address + (2L * length * participant);
            long end = Math.Min((long)(task + 1) * perTask, lines);
            for (long line = (long)task * perTask; line < end; line++)
            {
                SortTarget<T> own = target.Offset(line * length);
                TRule.Fill(own.Line, 0, length, own.Flip, records);
                TRule.Write(RadixSort<T, TRecord, TRule>.Run(records, records + length, length, SortKey.Bits<T>()), 0, length, own);
            }
        });
    }
}
