using System.Runtime.CompilerServices;

namespace TensorCell.Data.Parsing;

/// <summary>
/// ISO 8601 moments: a day, T or a blank, hours and minutes, optionally seconds with up to nine digits of fraction (kept to 100 ns), and Z
/// or an offset as +01:00, which make it UTC. A day alone is its first moment.
/// </summary>
internal readonly unsafe struct DateTimeParser : IValueParser<DateTime>
{
    private const int MinuteLength = 16;
    private const int SecondLength = 19;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static bool TryParse(byte* text, int length, out DateTime value)
    {
        value = default;
        if (length < DateParser.Length || !DateParser.TryParse(text, DateParser.Length, out DateOnly date))
        {
            return false;
        }

        if (length == DateParser.Length)
        {
            value = date.ToDateTime(TimeOnly.MinValue);
            return true;
        }

        if (length < MinuteLength || text[10] is not ((byte)'T' or (byte)' ') || text[13] != ':')
        {
            return false;
        }

        int hour = DateParser.TwoDigits(text + 11);
        int minute = DateParser.TwoDigits(text + 14);
        int second = 0;
        int at = MinuteLength;
        long fraction = 0;
        if (length >= SecondLength && text[MinuteLength] == ':')
        {
            second = DateParser.TwoDigits(text + 17);
            at = SecondLength;
            if (at < length && text[at] is (byte)'.' or (byte)',' && !TryParseFraction(text, length, ref at, out fraction))
            {
                return false;
            }
        }

        if (hour is < 0 or > 23 || minute is < 0 or > 59 || second is < 0 or > 59
            || !TryParseOffset(text + at, length - at, out long? offset))
        {
            return false;
        }

        long ticks = date.ToDateTime(TimeOnly.MinValue).Ticks
            + ((((hour * 60L) + minute) * 60L) + second) * TimeSpan.TicksPerSecond + fraction - (offset ?? 0);
        if ((ulong)ticks > (ulong)DateTime.MaxValue.Ticks)
        {
            return false;
        }

        value = new DateTime(ticks, offset is null ? DateTimeKind.Unspecified : DateTimeKind.Utc);
        return true;
    }

    private static bool TryParseFraction(byte* text, int length, ref int at, out long ticks)
    {
        ticks = 0;
        int digits = 0;
        for (at++; at < length && (uint)(text[at] - '0') <= 9; at++, digits++)
        {
            ticks = digits < 7 ? (ticks * 10) + (text[at] - '0') : ticks;
        }

        for (int digit = digits; digit < 7; digit++)
        {
            ticks *= 10;
        }

        return digits is > 0 and <= 9;
    }

    private static bool TryParseOffset(byte* text, int length, out long? ticks)
    {
        ticks = null;
        if (length == 0)
        {
            return true;
        }

        if (length == 1 && *text is (byte)'Z' or (byte)'z')
        {
            ticks = 0;
            return true;
        }

        bool hasColon = length == 6 && text[3] == ':';
        if (*text is not ((byte)'+' or (byte)'-') || (length is not (3 or 5) && !hasColon))
        {
            return false;
        }

        int hours = DateParser.TwoDigits(text + 1);
        int minutes = length == 3 ? 0 : DateParser.TwoDigits(text + (hasColon ? 4 : 3));
        long magnitude = ((hours * 60L) + minutes) * TimeSpan.TicksPerMinute;
        ticks = *text == '-' ? -magnitude : magnitude;
        return hours is >= 0 and <= 14 && minutes is >= 0 and <= 59;
    }
}
