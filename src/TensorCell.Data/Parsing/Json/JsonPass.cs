namespace TensorCell.Data.Parsing.Json;

/// <summary>Takes a file's chunks through parsing, on all cores, in memory that each thread reuses; columns are made as they are found.</summary>
internal sealed class JsonPass(
    ByteSource source,
    NdJsonOptions options,
    JsonColumns columns,
    long dataStart,
    ReadMeter meter,
    FaultLog faults,
    int chunkBytes,
    bool checksNumbers,
    CancellationToken cancellation)
{
    private const int SampleCells = 1000;
    private readonly ChunkLoop loop = new(source, dataStart, chunkBytes, meter, faults, cancellation);
    private readonly ReaderWriterLockSlim sinksLock = new();
    private JsonSink?[] sinks = [];
    private int capacity;

    /// <summary>Reads every row.</summary>
    /// <param name="sampleBytes">Bytes at the beginning to guess types and number of rows from.</param>
    /// <returns>The number of rows.</returns>
    public int ReadAll(int sampleBytes)
    {
        Sample(sampleBytes);
        return loop.ReadAll(NewScratch, TryReadChunk);
    }

    /// <summary>Reads some columns once more, from the chunks whose rows are known by now.</summary>
    /// <param name="widened">For each column a sink, or null.</param>
    /// <param name="rows">The number of rows.</param>
    public void ReadAgain(JsonSink?[] widened, int rows)
    {
        Reserve(widened, rows);
        loop.ReadAgain(NewScratch, Scan, Parse);

        int Scan(ReadChunk known, JsonScratch scratch)
        {
            JsonRecordReader reader = scratch.Reader;
            reader.Window.Load(source, known.Start, (int)(known.End - known.Start));
            reader.Scan(source, 0, reader.Window.Count);
            return reader.Rows;
        }

        void Parse(ReadChunk known, JsonScratch scratch)
        {
            JsonChunk view = scratch.Begin(known);
            JsonCells cells = scratch.Reader.Cells;
            for (int column = 0; column < Math.Min(widened.Length, cells.ColumnCount); column++)
            {
                if (widened[column] is JsonSink sink && !cells[column].IsEmpty)
                {
                    sink.Parse(view, cells[column]);
                }
            }

            faults.AddValues(known.Number, known.FirstRow, scratch.Faults);
        }
    }

    private JsonScratch NewScratch() => new(columns, options.MaxRowBytes, checksNumbers);

    /// <summary>Makes the sinks of the columns that the first rows have, and room for as many rows as there may be.</summary>
    private void Sample(int sampleBytes)
    {
        using JsonScratch scratch = NewScratch();
        JsonRecordReader reader = scratch.Reader;
        int bytes = (int)Math.Min(sampleBytes, source.Length - dataStart);
        reader.Window.Load(source, dataStart, bytes);
        try
        {
            reader.Scan(source, 0, bytes);
        }
        catch (RecordTooLongException)
        {
            // Found again, and told, when the chunk is read.
        }

        double bytesPerRow = reader.Rows == 0 ? bytes + 1 : Math.Max(1, (double)(reader.NextRecord - dataStart) / reader.Rows);
        capacity = (int)Math.Min(((source.Length - dataStart) / bytesPerRow * 1.03) + 64, Array.MaxLength);
        Prepare(reader, capacity);
    }

    private bool TryReadChunk(ChunkPlace place, JsonScratch scratch)
    {
        JsonRecordReader reader = scratch.Reader;
        reader.Window.Load(source, place.Origin, place.Limit + ChunkPlace.Overlap);
        int start = place.Number == 0 ? 0 : reader.AfterLineFeed(place.Limit);
        bool isReadable = TryScan(place.Number, reader, start, place.Limit);
        if (!loop.TryReceive(place, out _, out long rowsBefore))
        {
            return false;
        }

        int rows = isReadable ? reader.Rows : 0;
        ReadChunk known = loop.Pass(place, place.Origin + start, reader.NextRecord, rowsBefore, rows, reader.Faults);
        if (known.Rows > 0)
        {
            Parse(known, scratch);
        }

        return true;
    }

    /// <returns>False when a row is too long for what follows to matter.</returns>
    private bool TryScan(int chunk, JsonRecordReader reader, int start, int limit)
    {
        try
        {
            reader.Scan(source, start, limit);
            return true;
        }
        catch (RecordTooLongException tooLong)
        {
            faults.AddFatal(chunk, new RecordFault(
                tooLong.Offset, -1, $"found a line of more than {options.MaxRowBytes} bytes; expected a shorter one, with an object on each line"));
            return false;
        }
    }

    private void Parse(ReadChunk known, JsonScratch scratch)
    {
        JsonRecordReader reader = scratch.Reader;
        Prepare(reader, known.FirstRow + known.Rows);
        sinksLock.EnterReadLock();
        try
        {
            JsonChunk view = scratch.Begin(known);
            for (int column = 0; column < reader.Cells.ColumnCount; column++)
            {
                ReadOnlySpan<JsonCell> cells = reader.Cells[column];
                if (cells.IsEmpty)
                {
                    continue;
                }

                columns[column].SeeAt(reader.Window.Origin + cells[0].Start);
                if (column < sinks.Length && sinks[column] is JsonSink sink)
                {
                    sink.Parse(view, cells);
                }
                else
                {
                    JsonSink.CheckNumbers(view, cells);
                }
            }

            faults.AddValues(known.Number, known.FirstRow, scratch.Faults);
        }
        finally
        {
            sinksLock.ExitReadLock();
        }
    }

    /// <summary>Makes sure that there are sinks for what has been read, with room for rows.</summary>
    private void Prepare(JsonRecordReader reader, int rows)
    {
        sinksLock.EnterReadLock();
        try
        {
            if (rows <= capacity && NewColumns(reader).Count == 0)
            {
                return;
            }
        }
        finally
        {
            sinksLock.ExitReadLock();
        }

        sinksLock.EnterWriteLock();
        try
        {
            foreach (int column in NewColumns(reader))
            {
                if (column >= sinks.Length)
                {
                    Array.Resize(ref sinks, Math.Max(column + 1, sinks.Length * 2));
                }

                JsonColumn known = columns[column];
                ColumnType? type = known.Given ?? TypeOf(reader, column);
                if (type is not null)
                {
                    sinks[column] = known.Sink = JsonSink.Create(
                        new ColumnPlan(known.Name, column, type, known.Given is not null, quote: -1, MissingTokens.None));
                }
            }

            capacity = rows <= capacity
                ? capacity
                : (int)Math.Min(Math.Max(rows * 5L / 4, capacity * 5L / 4), Array.MaxLength);
            Reserve(sinks, capacity);
        }
        finally
        {
            sinksLock.ExitWriteLock();
        }
    }

    /// <summary>The columns that have values to read and no sink for them.</summary>
    private List<int> NewColumns(JsonRecordReader reader)
    {
        List<int> found = [];
        for (int column = 0; column < reader.Cells.ColumnCount; column++)
        {
            bool isNew = !reader.Cells[column].IsEmpty && (column >= sinks.Length || sinks[column] is null);
            if (isNew && columns[column].IsSelected && (columns[column].Given is not null || TypeOf(reader, column) is not null))
            {
                found.Add(column);
            }
        }

        return found;
    }

    /// <summary>The narrowest type of the first values of a column; null when there is none but null.</summary>
    private static unsafe ColumnType? TypeOf(JsonRecordReader reader, int column)
    {
        ColumnType? type = null;
        int looked = 0;
        foreach (JsonCell cell in reader.Cells[column])
        {
            type = TypeInference.Join(type, JsonSink.Classify(cell.Kind, reader.Window.Data + cell.Start, cell.Length));
            looked += type is null ? 0 : 1;
            if (looked == SampleCells || type == ColumnType.Text)
            {
                break;
            }
        }

        return type;
    }

    private void Reserve(JsonSink?[] reserved, int rows)
    {
        double bytes = reserved.Sum(sink => (double)(sink?.BytesPerRow ?? 0)) * rows;
        long available = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        if (bytes > available)
        {
            throw Throw.Read(source, 0, null,
                $"found {reserved.Count(sink => sink is not null)} columns in about {rows} rows, which take {bytes / 1e9:F0} GB; expected what "
                + $"fits into {available / 1e9:F0} GB. Read some of the columns, or keep objects as JSON text by a schema");
        }

        foreach (JsonSink? sink in reserved)
        {
            sink?.Reserve(rows);
        }
    }
}
