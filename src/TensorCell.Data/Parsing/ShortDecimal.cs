using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace TensorCell.Data.Parsing;

/// <summary>
/// Up to 16 bytes of digits with at most one point, read at once without a branch per digit: the text is taken right-aligned in a
/// vector, the point squeezed out, and neighbours combined to ever longer numbers.
/// </summary>
internal static unsafe class ShortDecimal
{
    public const int MaxLength = 16;

    // Rows of 16: row n keeps the last n bytes and is a mask; row j of the other closes the gap at byte j by moving the bytes before it up.
    private static readonly byte[] keepLast = BuildKeepLast();
    private static readonly byte[] closeGap = BuildCloseGap();

    /// <summary>Reads digits with at most one point.</summary>
    /// <param name="text">The first byte; 16 bytes before the text's end must be readable.</param>
    /// <param name="length">1 to 16.</param>
    /// <param name="digits">The digits as one number, the point left out.</param>
    /// <param name="fractionDigits">Number of digits after the point.</param>
    /// <returns>False when another byte is among them, or no digit.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryParse(byte* text, int length, out ulong digits, out int fractionDigits)
    {
        Vector128<byte> raw = Vector128.Load(text + length - 16);
        Vector128<byte> kept = Vector128.LoadUnsafe(ref keepLast[0], (nuint)(length * 16));
        Vector128<byte> values = (raw - Vector128.Create((byte)'0')) & kept;
        uint points = Vector128.Equals(values, Vector128.Create(unchecked((byte)('.' - '0')))).ExtractMostSignificantBits();
        fractionDigits = 0;
        if (points != 0)
        {
            int point = System.Numerics.BitOperations.Log2(points);
            fractionDigits = 15 - point;
            values = Vector128.ShuffleNative(values, Vector128.LoadUnsafe(ref closeGap[0], (nuint)(point * 16)))
                & Vector128.LoadUnsafe(ref keepLast[0], 15 * 16);
            if (length == 1)
            {
                digits = 0;
                return false;
            }
        }

        digits = Combine(values);
        return Vector128.GreaterThanAll(Vector128.Create((byte)10), values);
    }

    /// <summary>Sixteen decimal digits, most significant first, as one number.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Combine(Vector128<byte> values)
    {
        if (Sse41.IsSupported)
        {
            Vector128<short> twos = Ssse3.MultiplyAddAdjacent(values, Vector128.Create((ushort)0x010A).AsSByte());
            Vector128<int> fours = Sse2.MultiplyAddAdjacent(twos, Vector128.Create(0x0001_0064).AsInt16());
            Vector128<int> eights = Sse2.MultiplyAddAdjacent(Sse41.PackUnsignedSaturate(fours, fours).AsInt16(), Vector128.Create(0x0001_2710).AsInt16());
            ulong both = eights.AsUInt64().ToScalar();
            return ((both & 0xFFFF_FFFF) * 100_000_000) + (both >> 32);
        }

        return (Combine(values.AsUInt64().ToScalar()) * 100_000_000) + Combine(values.AsUInt64().GetElement(1));
    }

    private static ulong Combine(ulong values)
    {
        ulong twos = (values * 10) + (values >> 8);
        const ulong Pairs = 0x000000FF_000000FF;
        return (((twos & Pairs) * 0x000F4240_00000064) + (((twos >> 16) & Pairs) * 0x00002710_00000001)) >> 32;
    }

    private static byte[] BuildKeepLast()
    {
        byte[] rows = new byte[17 * 16];
        for (int length = 0; length <= 16; length++)
        {
            rows.AsSpan((length * 16) + 16 - length, length).Fill(0xFF);
        }

        return rows;
    }

    private static byte[] BuildCloseGap()
    {
        byte[] rows = new byte[16 * 16];
        for (int point = 0; point < 16; point++)
        {
            for (int lane = 0; lane < 16; lane++)
            {
                rows[(point * 16) + lane] = (byte)(lane > point ? lane : Math.Max(0, lane - 1));
            }
        }

        return rows;
    }
}
