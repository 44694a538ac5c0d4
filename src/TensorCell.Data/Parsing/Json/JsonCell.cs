namespace TensorCell.Data.Parsing.Json;

/// <summary>Where one value of a chunk lies: of a string, what is between the quotes.</summary>
internal readonly struct JsonCell
{
    // 29 bits of length: MaxRowBytes, which a value cannot exceed, is at most 1 << 28.
    private readonly uint lengthAndKind;

    public JsonCell(int row, int start, int length, JsonKind kind)
    {
        Row = row;
        Start = start;
        lengthAndKind = ((uint)length << 3) | (uint)kind;
    }

    /// <summary>The row, from 0 in the chunk.</summary>
    public int Row { get; }

    /// <summary>Offset in the window.</summary>
    public int Start { get; }

    /// <summary>Number of bytes.</summary>
    public int Length => (int)(lengthAndKind >> 3);

    /// <summary>How it is written.</summary>
    public JsonKind Kind => (JsonKind)(lengthAndKind & 7);
}
