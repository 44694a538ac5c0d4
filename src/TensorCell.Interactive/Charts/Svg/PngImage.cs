using System.Buffers.Binary;
using System.IO.Compression;

namespace TensorCell.Interactive;

/// <summary>Writes a picture of 8-bit RGBA pixels as PNG, with as few channels as show the same.</summary>
internal static class PngImage
{
    private const int Filters = 5;

    // The tables of CRC-32 as ISO 3309 defines it.
    private static readonly uint[] table = [.. Enumerable.Range(0, 256).Select(index =>
    {
        var value = (uint)index;
        for (var bit = 0; bit < 8; bit++)
        {
            value = (value >> 1) ^ ((value & 1) != 0 ? 0xEDB88320u : 0);
        }

        return value;
    })];

    /// <summary>The PNG file of <paramref name="pixels"/>, four bytes each, rows from the top.</summary>
    public static byte[] Encode(ReadOnlySpan<byte> pixels, int width, int height)
    {
        var channels = ChannelsOf(pixels);
        using var file = new MemoryStream();
        file.Write([0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A]);
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        header[8] = 8;
        header[9] = channels switch { 1 => 0, 3 => 2, _ => 6 };
        WriteChunk(file, "IHDR"u8, header);

        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.Optimal, leaveOpen: true))
        {
            WriteRows(zlib, pixels, width, height, channels);
        }

        WriteChunk(file, "IDAT"u8, packed.ToArray());
        WriteChunk(file, "IEND"u8, []);
        return file.ToArray();
    }

    /// <summary>One channel where all pixels are opaque greys, three where all are opaque, else four.</summary>
    private static int ChannelsOf(ReadOnlySpan<byte> pixels)
    {
        var channels = 1;
        for (var start = 0; start < pixels.Length; start += 4)
        {
            if (pixels[start + 3] != byte.MaxValue)
            {
                return 4;
            }

            if (pixels[start] != pixels[start + 1] || pixels[start] != pixels[start + 2])
            {
                channels = 3;
            }
        }

        return channels;
    }

    // Each row is written as differences from its neighbours: those of the filter whose differences are least in all.
    private static void WriteRows(Stream target, ReadOnlySpan<byte> pixels, int width, int height, int channels)
    {
        byte[] above = new byte[width * channels], row = new byte[above.Length], best = new byte[above.Length + 1], tried = new byte[best.Length];
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++)
            {
                pixels.Slice(((y * width) + x) * 4, channels).CopyTo(row.AsSpan(x * channels));
            }

            var least = long.MaxValue;
            for (byte filter = 0; filter < Filters; filter++)
            {
                var sum = Apply(filter, row, above, channels, tried);
                if (sum < least)
                {
                    least = sum;
                    (best, tried) = (tried, best);
                }
            }

            target.Write(best);
            (row, above) = (above, row);
        }
    }

    private static long Apply(byte filter, byte[] row, byte[] above, int channels, byte[] result)
    {
        result[0] = filter;
        long sum = 0;
        for (var i = 0; i < row.Length; i++)
        {
            int left = i < channels ? 0 : row[i - channels], up = above[i], corner = i < channels ? 0 : above[i - channels];
            var predicted = filter switch
            {
                0 => 0,
                1 => left,
                2 => up,
                3 => (left + up) / 2,
                _ => Paeth(left, up, corner),
            };
            var difference = (byte)(row[i] - predicted);
            result[i + 1] = difference;
            sum += Math.Abs((int)(sbyte)difference);
        }

        return sum;
    }

    private static int Paeth(int left, int up, int corner)
    {
        int byLeft = Math.Abs(up - corner), byUp = Math.Abs(left - corner), byCorner = Math.Abs(left + up - (2 * corner));
        return byLeft <= byUp && byLeft <= byCorner ? left : byUp <= byCorner ? up : corner;
    }

    private static void WriteChunk(MemoryStream file, ReadOnlySpan<byte> type, ReadOnlySpan<byte> content)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, content.Length);
        file.Write(number);
        file.Write(type);
        file.Write(content);
        BinaryPrimitives.WriteUInt32BigEndian(number, ~Checksum(Checksum(uint.MaxValue, type), content));
        file.Write(number);
    }

    private static uint Checksum(uint state, ReadOnlySpan<byte> bytes)
    {
        foreach (var value in bytes)
        {
            state = (state >> 8) ^ table[(byte)(state ^ value)];
        }

        return state;
    }
}
