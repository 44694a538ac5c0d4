namespace TensorCell.Tensors.Tests;

public sealed class Crc32Tests
{
    [Fact]
    public void TheChecksumIsThatOfTheStandard()
    {
        Crc32 checksum = default;
        checksum.Add("123456789"u8);
        Assert.Equal(0xCBF43926, checksum.Value);
    }

    [Fact]
    public void AnyNumberOfBytesInAnyPartsGivesTheSame()
    {
        Random random = new(1);
        byte[] bytes = new byte[700];
        for (int turn = 0; turn < 500; turn++)
        {
            random.NextBytes(bytes);
            int length = random.Next(bytes.Length), middle = random.Next(length + 1);
            Crc32 checksum = default;
            checksum.Add(bytes.AsSpan(0, middle));
            checksum.Add(bytes.AsSpan(middle, length - middle));
            Assert.Equal(BitByBit(bytes.AsSpan(0, length)), checksum.Value);
        }
    }

    private static uint BitByBit(ReadOnlySpan<byte> bytes)
    {
        uint state = uint.MaxValue;
        foreach (byte value in bytes)
        {
            state ^= value;
            for (int bit = 0; bit < 8; bit++)
            {
                state = (state >> 1) ^ ((state & 1) != 0 ? 0xEDB88320 : 0);
            }
        }

        return ~state;
    }
}
