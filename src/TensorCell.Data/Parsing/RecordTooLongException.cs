namespace TensorCell.Data.Parsing;

/// <summary>A record goes on beyond all bounds, so that what follows it cannot be told.</summary>
internal sealed class RecordTooLongException(long offset) : Exception
{
    /// <summary>Where it begins in the source.</summary>
    public long Offset => offset;
}
