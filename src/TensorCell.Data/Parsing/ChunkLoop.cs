using TensorCell.Kernels;

namespace TensorCell.Data.Parsing;

/// <summary>
/// Deals a source's chunks out to all cores, each thread with memory that it uses again, and knows afterwards which rows every chunk has, so
/// that they can be read a second time. What a chunk holds is the format's matter.
/// </summary>
internal sealed class ChunkLoop(
    ByteSource source, long dataStart, int chunkBytes, ReadMeter meter, FaultLog faults, CancellationToken cancellation)
{
    private readonly int count = checked((int)((source.Length - dataStart + chunkBytes - 1) / chunkBytes));
    private readonly ChunkChain chain = new(dataStart, faults);
    private readonly List<ReadChunk> read = [];
    private int claimed;

    /// <summary>Reads every chunk whose outcome can still matter.</summary>
    /// <param name="newScratch">Makes what one thread uses for chunk after chunk.</param>
    /// <param name="tryRead">Reads a chunk; false when none after it matters.</param>
    /// <returns>The number of rows.</returns>
    public int ReadAll<TScratch>(Func<TScratch> newScratch, Func<ChunkPlace, TScratch, bool> tryRead)
        where TScratch : IDisposable
    {
        Workers.For(Math.Min(Workers.ThreadCount, count), _ =>
        {
            using TScratch scratch = newScratch();
            try
            {
                while (Interlocked.Increment(ref claimed) - 1 is int chunk && chunk < count && chunk <= faults.LastChunk)
                {
                    Check();
                    if (!tryRead(PlaceOf(chunk), scratch))
                    {
                        return;
                    }
                }
            }
            catch
            {
                chain.Break();
                throw;
            }
        });
        return read.Count == 0 ? 0 : read.Max(chunk => chunk.FirstRow + chunk.Rows);
    }

    /// <summary>Reads the chunks that have rows once more.</summary>
    /// <param name="newScratch">Makes what one thread uses for chunk after chunk.</param>
    /// <param name="scan">Finds a chunk's rows again.</param>
    /// <param name="parse">Reads them.</param>
    public void ReadAgain<TScratch>(Func<TScratch> newScratch, Func<ReadChunk, TScratch, int> scan, Action<ReadChunk, TScratch> parse)
        where TScratch : IDisposable
    {
        int next = 0;
        Workers.For(Math.Min(Workers.ThreadCount, read.Count), _ =>
        {
            using TScratch scratch = newScratch();
            while (Interlocked.Increment(ref next) - 1 is int index && index < read.Count)
            {
                Check();
                ReadChunk known = read[index];
                if (scan(known, scratch) != known.Rows)
                {
                    throw Throw.Read(source, 0, null, "found other rows when reading a second time; expected a file that does not change");
                }

                parse(known, scratch);
            }
        });
    }

    /// <inheritdoc cref="ChunkChain.TryReceive"/>
    public bool TryReceive(ChunkPlace place, out long firstRecord, out long rowsBefore) =>
        chain.TryReceive(place.Number, cancellation, out firstRecord, out rowsBefore);

    /// <summary>Passes on to the next chunk from one whose rows are counted, and notes its bad records.</summary>
    /// <returns>What is known of it now.</returns>
    public ReadChunk Pass(ChunkPlace place, long start, long nextRecord, long rowsBefore, int rows, List<RecordFault> badRecords)
    {
        if (rowsBefore + rows > Array.MaxLength)
        {
            throw Throw.Read(source, 0, null, $"found more than {Array.MaxLength} rows; expected a frame's worth, read the file in parts");
        }

        chain.Pass(nextRecord, rows);
        faults.AddRecords(place.Number, badRecords);
        meter.Add(place.End - place.Begin, rows);
        ReadChunk chunk = new(place.Number, start, nextRecord, (int)rowsBefore, rows);
        if (rows > 0)
        {
            lock (read)
            {
                read.Add(chunk);
            }
        }

        return chunk;
    }

    private void Check()
    {
        cancellation.ThrowIfCancellationRequested();
        Interruption.Check();
    }

    private ChunkPlace PlaceOf(int chunk)
    {
        long begin = dataStart + ((long)chunk * chunkBytes);
        return new ChunkPlace(chunk, begin, Math.Min(begin + chunkBytes, source.Length));
    }
}
