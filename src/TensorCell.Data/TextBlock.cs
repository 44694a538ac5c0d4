namespace TensorCell.Data;

/// <summary>Texts as UTF-8, one after another.</summary>
/// <param name="Bytes">The bytes of all of them.</param>
/// <param name="Ends">Where each ends.</param>
/// <param name="Count">How many there are.</param>
internal sealed record TextBlock(byte[] Bytes, int[] Ends, int Count)
{
    public long ByteSize => (Count == 0 ? 0 : Ends[Count - 1]) + (4L * Count);

    public ReadOnlySpan<byte> this[int index]
    {
        get
        {
            int start = index == 0 ? 0 : Ends[index - 1];
            return Bytes.AsSpan(start, Ends[index] - start);
        }
    }
}
