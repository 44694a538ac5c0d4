using System.Buffers.Binary;
using System.IO.Compression;

namespace TensorCell.Interactive.Tests;

/// <summary>A PNG file, read by as few lines as it takes.</summary>
/// <param name="Width">Pixels of a row.</param>
/// <param name="Height">Rows.</param>
/// <param name="Channels">Bytes of a pixel.</param>
/// <param name="Pixels">All pixels.</param>
internal sealed record PngFile(int Width, int Height, int Channels, byte[] Pixels)
{
    public static PngFile Read(byte[] file)
    {
        Assert.Equal([0x89, (byte)'P', (byte)'N', (byte)'G', 13, 10, 26, 10], file[..8]);
        byte[] header = [], packed = [];
        for (var place = 8; place < file.Length;)
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(file.AsSpan(place));
            var type = System.Text.Encoding.ASCII.GetString(file, place + 4, 4);
            var content = file[(place + 8)..(place + 8 + length)];
            Assert.Equal(BinaryPrimitives.ReadUInt32BigEndian(file.AsSpan(place + 8 + length)), Checksum(file.AsSpan(place + 4, length + 4)));
            (header, packed) = type switch { "IHDR" => (content, packed), "IDAT" => (header, [.. packed, .. content]), _ => (header, packed) };
            place += 12 + length;
        }

        var channels = header[9] switch { 0 => 1, 2 => 3, 6 => 4, var other => throw new InvalidDataException($"colour type {other}") };
        Assert.Equal([8, 0, 0, 0], (byte[])[header[8], .. header[10..]]);
        int width = BinaryPrimitives.ReadInt32BigEndian(header), height = BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(4));
        using var unpacked = new MemoryStream();
        new ZLibStream(new MemoryStream(packed), CompressionMode.Decompress).CopyTo(unpacked);
        return new PngFile(width, height, channels, Unfilter(unpacked.ToArray(), width * channels, height, channels));
    }

    /// <summary>The bytes of a pixel.</summary>
    public byte[] At(int row, int column) => Pixels[(((row * Width) + column) * Channels)..((((row * Width) + column) * Channels) + Channels)];

    private static byte[] Unfilter(byte[] rows, int stride, int height, int channels)
    {
        Assert.Equal((stride + 1) * height, rows.Length);
        var pixels = new byte[stride * height];
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < stride; x++)
            {
                int left = x < channels ? 0 : pixels[(y * stride) + x - channels], up = y == 0 ? 0 : pixels[((y - 1) * stride) + x];
                var corner = x < channels || y == 0 ? 0 : pixels[((y - 1) * stride) + x - channels];
                int nearest = new[] { left, up, corner }.MinBy(value => Math.Abs(left + up - corner - value));
                var predicted = rows[y * (stride + 1)] switch { 0 => 0, 1 => left, 2 => up, 3 => (left + up) / 2, _ => nearest };
                pixels[(y * stride) + x] = (byte)(rows[(y * (stride + 1)) + 1 + x] + predicted);
            }
        }

        return pixels;
    }

    private static uint Checksum(ReadOnlySpan<byte> bytes)
    {
        var state = uint.MaxValue;
        foreach (var value in bytes)
        {
            state ^= value;
            for (var bit = 0; bit < 8; bit++)
            {
                state = (state >> 1) ^ ((state & 1) != 0 ? 0xEDB88320u : 0);
            }
        }

        return ~state;
    }
}
