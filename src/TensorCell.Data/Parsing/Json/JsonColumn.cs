namespace TensorCell.Data.Parsing.Json;

/// <summary>A column that was given, or that a key was found for.</summary>
/// <param name="Id">Its number, in the order of discovery, which may differ from run to run.</param>
/// <param name="Name">The keys on the way to its values, with dots between.</param>
/// <param name="Given">The type that the schema gives; null when it does not.</param>
/// <param name="IsSelected">Whether it is to be read.</param>
internal sealed record JsonColumn(int Id, string Name, ColumnType? Given, bool IsSelected)
{
    private long firstOffset = long.MaxValue;

    /// <summary>Where in the source its first value lies; the largest number while none was found.</summary>
    public long FirstOffset => Volatile.Read(ref firstOffset);

    /// <summary>Where its values go; null while none but null was found.</summary>
    public JsonSink? Sink { get; set; }

    /// <summary>Notes that a value lies at an offset.</summary>
    public void SeeAt(long offset)
    {
        long before;
        while ((before = Volatile.Read(ref firstOffset)) > offset)
        {
            Interlocked.CompareExchange(ref firstOffset, offset, before);
        }
    }
}
