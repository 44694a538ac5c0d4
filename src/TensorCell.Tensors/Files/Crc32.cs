using System.Buffers.Binary;

namespace TensorCell.Tensors;

/// <summary>The checksum of zip files: CRC-32 of ISO 3309, eight bytes at a time (Kounavis and Berry 2005).</summary>
internal struct Crc32
{
    private const int Slices = 8;
    private static readonly uint[] table = MakeTable();

    private uint complement;

    /// <summary>The checksum of all bytes so far.</summary>
    public readonly uint Value => complement;

    /// <summary>Takes more bytes.</summary>
    public void Add(ReadOnlySpan<byte> bytes)
    {
        uint state = ~complement;
        ReadOnlySpan<uint> slices = table;
        while (bytes.Length >= Slices)
        {
            uint low = BinaryPrimitives.ReadUInt32LittleEndian(bytes) ^ state;
            uint high = BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]);
            state = slices[0x700 + (int)(low & 0xFF)] ^ slices[0x600 + (int)((low >> 8) & 0xFF)]
                ^ slices[0x500 + (int)((low >> 16) & 0xFF)] ^ slices[0x400 + (int)(low >> 24)]
                ^ slices[0x300 + (int)(high & 0xFF)] ^ slices[0x200 + (int)((high >> 8) & 0xFF)]
                ^ slices[0x100 + (int)((high >> 16) & 0xFF)] ^ slices[(int)(high >> 24)];
            bytes = bytes[Slices..];
        }

        foreach (byte value in bytes)
        {
            state = (state >> 8) ^ slices[(int)((state ^ value) & 0xFF)];
        }

        complement = ~state;
    }

    private static uint[] MakeTable()
    {
        uint[] slices = new uint[Slices << 8];
        for (int entry = 0; entry < slices.Length; entry++)
        {
            uint before = entry < 0x100 ? (uint)entry : slices[entry - 0x100];
            for (int bit = 0; bit < 8; bit++)
            {
                before = (before >> 1) ^ ((before & 1) != 0 ? 0xEDB88320 : 0);
            }

            slices[entry] = before;
        }

        return slices;
    }
}
