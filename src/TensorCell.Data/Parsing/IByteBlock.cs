namespace TensorCell.Data.Parsing;

/// <summary>64 bytes compared at once, by vectors of one width.</summary>
internal unsafe interface IByteBlock
{
    /// <summary>The places of the bytes that mean something, one bit a byte, the first byte lowest.</summary>
    static abstract BlockMasks Compare(byte* bytes, byte separator, byte quote);
}
