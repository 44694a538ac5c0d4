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
    private readonly ChunkLoop loop = new(source, head.DataStart, chunkBytes, meter, faults, cancellation);
    private readonly ReaderWriterLockSlim capacityLock = new();
    private int capacity;

    /// <summary>Reads every row into the sinks.</summary>
    /// <param name="sinks">A sink for each column to read.</param>
    /// <param name="bytesPerRow">A guess, for the memory to reserve.</param>
    /// <returns>The number of rows.</returns>
    public int ReadAll(ColumnSink[] sinks, double bytesPerRow)
    {
        double likelyRows = ((source.Length - head.DataStart) / bytesPerRow * 1.03) + 64;
        Reserve(sinks, (int)Math.Min(likelyRows, Array.MaxLength));
        return loop.ReadAll(NewScratch, (place, scratch) => TryReadChunk(place, scratch, sinks));
    }

    /// <summary>Reads some columns once more, from the chunks whose rows are known by now.</summary>
    public void ReadAgain(ColumnSink[] sinks, int rows)
    {
        foreach (ColumnSink sink in sinks)
        {
            sink.Reserve(rows);
        }

        loop.ReadAgain(NewScratch, Scan, (known, scratch) => Parse(known, scratch, sinks));

        int Scan(ReadChunk known, ChunkScratch scratch)
        {
            RecordScanner scanner = scratch.Scanner;
            scanner.Window.Load(source, known.Start, (int)(known.End - known.Start));
            scanner.Scan(source, 0, scanner.Window.Count, isGuess: false);
            return scanner.Index.Rows;
        }
    }

    private ChunkScratch NewScratch() => new(new RecordScanner(head.Dialect, head.Names.Length, options.MaxRowBytes));

    private bool TryReadChunk(ChunkPlace place, ChunkScratch scratch, ColumnSink[] sinks)
    {
        RecordScanner scanner = scratch.Scanner;
        scanner.Window.Load(source, place.Origin, place.Limit + ChunkPlace.Overlap);
        int guess = place.Number == 0 ? 0 : scanner.AfterLineEnd(0);
        bool isScanned = guess >= 0 && scanner.Scan(source, guess, place.Limit, isGuess: true);
        if (!loop.TryReceive(place, out long firstRecord, out long rowsBefore))
        {
            return false;
        }

        if (firstRecord >= place.End)
        {
            loop.Pass(place, firstRecord, firstRecord, rowsBefore, 0, []);
            return true;
        }

        bool isAsGuessed = isScanned && firstRecord == place.Origin + guess;
        if (!isAsGuessed && !TryScanAgain(place.Number, scanner, (int)(firstRecord - place.Origin), place.Limit))
        {
            loop.Pass(place, firstRecord, source.Length, rowsBefore, 0, []);
            return true;
        }

        ReadChunk known = loop.Pass(place, firstRecord, scanner.NextRecord, rowsBefore, scanner.Index.Rows, scanner.Faults);
        if (known.Rows > 0)
        {
            ParseWithRoom(known, scratch, sinks);
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

    private void ParseWithRoom(ReadChunk known, ChunkScratch scratch, ColumnSink[] sinks)
    {
        int rows = known.FirstRow + known.Rows;
        if (rows > Volatile.Read(ref capacity))
        {
            capacityLock.EnterWriteLock();
            try
            {
                if (rows > capacity)
                {
                    Reserve(sinks, (int)Math.Min(Math.Max(rows * 5L / 4, capacity * 5L / 4), Array.MaxLength));
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
            Parse(known, scratch, sinks);
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

    private void Parse(ReadChunk known, ChunkScratch scratch, ColumnSink[] sinks)
    {
        scratch.Faults.Clear();
        ChunkView view = new(known.Number, scratch.Scanner.Window, scratch.Scanner.Index, known.FirstRow, scratch.Faults, scratch.Interner);
        foreach (ColumnSink sink in sinks)
        {
            sink.Parse(view);
        }

        faults.AddValues(known.Number, known.FirstRow, scratch.Faults);
    }
}
