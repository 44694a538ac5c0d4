using TensorCell.Kernels;

namespace TensorCell.Data.Parsing;

/// <summary>Takes a file's chunks through scanning and parsing, on all cores, in memory that each thread reuses.</summary>
internal sealed class ChunkPass(
    ByteSource source,
    CsvOptions options,
    CsvHead head,
    ReadMeter meter,
    FaultLog faults,
    int chunkBytes,
    CancellationToken cancellation)
{
    private const int Overlap = 4 << 10;
    private readonly int chunkCount = checked((int)((source.Length - head.DataStart + chunkBytes - 1) / chunkBytes));
    private readonly ChunkChain chain = new(head.DataStart, faults);
    private readonly ReaderWriterLockSlim capacityLock = new();
    private readonly List<ParsedChunk> parsed = [];
    private int claimed;
    private int capacity;

    /// <summary>Reads every row into the sinks.</summary>
    /// <param name="sinks">A sink for each column to read.</param>
    /// <param name="bytesPerRow">A guess, for the memory to reserve.</param>
    /// <returns>The number of rows.</returns>
    public int ReadAll(ColumnSink[] sinks, double bytesPerRow)
    {
        double likelyRows = ((source.Length - head.DataStart) / bytesPerRow * 1.03) + 64;
        Reserve(sinks, (int)Math.Min(likelyRows, Array.MaxLength));
        Workers.For(Math.Min(Workers.ThreadCount, chunkCount), _ =>
        {
            using ChunkScratch scratch = NewScratch();
            try
            {
                while (Interlocked.Increment(ref claimed) - 1 is int chunk && chunk < chunkCount && chunk <= faults.LastChunk)
                {
                    Check();
                    if (!TryReadChunk(chunk, scratch, sinks))
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
        return parsed.Count == 0 ? 0 : parsed.Max(chunk => chunk.FirstRow + chunk.Rows);
    }

    /// <summary>Reads some columns once more, from the chunks whose rows are known by now.</summary>
    public void ReadAgain(ColumnSink[] sinks, int rows)
    {
        foreach (ColumnSink sink in sinks)
        {
            sink.Reserve(rows);
        }

        int next = 0;
        Workers.For(Math.Min(Workers.ThreadCount, parsed.Count), _ =>
        {
            using ChunkScratch scratch = NewScratch();
            while (Interlocked.Increment(ref next) - 1 is int chunk && chunk < parsed.Count)
            {
                Check();
                ParsedChunk known = parsed[chunk];
                RecordScanner scanner = scratch.Scanner;
                scanner.Window.Load(source, known.Start, (int)(known.End - known.Start));
                scanner.Scan(source, 0, scanner.Window.Count, isGuess: false);
                if (scanner.Index.Rows != known.Rows)
                {
                    throw Throw.Read(source, 0, null, "found other rows when reading a second time; expected a file that does not change");
                }

                Parse(known.Number, known.FirstRow, scratch, sinks);
            }
        });
    }

    private ChunkScratch NewScratch() => new(new RecordScanner(head.Dialect, head.Names.Length, options.MaxRowBytes));

    private void Check()
    {
        cancellation.ThrowIfCancellationRequested();
        Interruption.Check();
    }

    private bool TryReadChunk(int chunk, ChunkScratch scratch, ColumnSink[] sinks)
    {
        RecordScanner scanner = scratch.Scanner;
        long begin = head.DataStart + ((long)chunk * chunkBytes);
        long end = Math.Min(begin + chunkBytes, source.Length);
        long origin = chunk == 0 ? begin : begin - 1;
        scanner.Window.Load(source, origin, (int)(end - origin) + Overlap);
        int limit = (int)(end - origin);
        int guess = chunk == 0 ? 0 : scanner.AfterLineEnd(0);
        bool isScanned = guess >= 0 && scanner.Scan(source, guess, limit, isGuess: true);
        if (!chain.TryReceive(chunk, cancellation, out long firstRecord, out long rowsBefore))
        {
            return false;
        }

        if (firstRecord >= end)
        {
            chain.Pass(firstRecord, 0);
            meter.Add(end - begin, 0);
            return true;
        }

        if ((!isScanned || firstRecord != origin + guess) && !TryScanAgain(chunk, scanner, (int)(firstRecord - origin), limit))
        {
            chain.Pass(source.Length, 0);
            return true;
        }

        int rows = scanner.Index.Rows;
        if (rowsBefore + rows > Array.MaxLength)
        {
            throw Throw.Read(source, 0, null, $"found more than {Array.MaxLength} rows; expected a frame's worth, read the file in parts");
        }

        chain.Pass(scanner.NextRecord, rows);
        faults.AddRecords(chunk, scanner.Faults);
        meter.Add(end - begin, rows);
        if (rows > 0)
        {
            int firstRow = (int)rowsBefore;
            lock (parsed)
            {
                parsed.Add(new ParsedChunk(chunk, firstRecord, scanner.NextRecord, firstRow, rows));
            }

            ParseWithRoom(chunk, firstRow, rows, scratch, sinks);
        }

        return true;
    }

    /// <summary>Scans from where the chunk's first record really begins.</summary>
    /// <returns>False when a record has no end, and the rest of the file is lost with it.</returns>
    private bool TryScanAgain(int chunk, RecordScanner scanner, int start, int limit)
    {
        try
        {
            scanner.Scan(source, start, limit, isGuess: false);
            return true;
        }
        catch (RecordTooLongException tooLong)
        {
            faults.AddFatal(chunk, new RecordFault(
                tooLong.Offset, -1, $"found a row of more than {options.MaxRowBytes} bytes; expected a shorter one: is a quote never closed?"));
            return false;
        }
    }

    private void ParseWithRoom(int chunk, int firstRow, int rows, ChunkScratch scratch, ColumnSink[] sinks)
    {
        if (firstRow + rows > Volatile.Read(ref capacity))
        {
            capacityLock.EnterWriteLock();
            try
            {
                if (firstRow + rows > capacity)
                {
                    Reserve(sinks, (int)Math.Min(Math.Max((firstRow + (long)rows) * 5 / 4, capacity * 5L / 4), Array.MaxLength));
                }
            }
            finally
            {
                capacityLock.ExitWriteLock();
            }
        }

        capacityLock.EnterReadLock();
        try
        {
            Parse(chunk, firstRow, scratch, sinks);
        }
        finally
        {
            capacityLock.ExitReadLock();
        }
    }

    private void Reserve(ColumnSink[] sinks, int rows)
    {
        foreach (ColumnSink sink in sinks)
        {
            sink.Reserve(rows);
        }

        Volatile.Write(ref capacity, rows);
    }

    private void Parse(int chunk, int firstRow, ChunkScratch scratch, ColumnSink[] sinks)
    {
        scratch.Faults.Clear();
        ChunkView view = new(chunk, scratch.Scanner.Window, scratch.Scanner.Index, firstRow, scratch.Faults, scratch.Interner);
        foreach (ColumnSink sink in sinks)
        {
            sink.Parse(view);
        }

        faults.AddValues(chunk, firstRow, scratch.Faults);
    }

    /// <summary>A chunk whose rows are known.</summary>
    private readonly record struct ParsedChunk(int Number, long Start, long End, int FirstRow, int Rows);
}
