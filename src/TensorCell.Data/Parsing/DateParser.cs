using System.Runtime.CompilerServices;

namespace TensorCell.Data.Parsing;

/// <summary>ISO 8601 days: 2026-03-02.</summary>
internal readonly unsafe struct DateParser : IValueParser<DateOnly>
{
    public const int Length = 10;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryParse(byte* text, int length, out DateOnly value)
    {
        value = default;
        if (length != Length || text[4] != '-' || text[7] != '-')
        {
            return false;
        }

        int year = (TwoDigits(text) * 100) + TwoDigits(text + 2);
        int month = TwoDigits(text + 5);
        int day = TwoDigits(text + 8);
        if (year < 1 || month is < 1 or > 12 || day < 1 || (day > 28 && day > DateTime.DaysInMonth(year, month)))
        {
            return false;
        }

        value = new DateOnly(year, month, day);
        return true;
    }

    /// <summary>The number that two digits write, or one far below zero when they are no digits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int TwoDigits(byte* text)
    {
        uint tens = (uint)(text[0] - '0');
        uint ones = (uint)(text[1] - '0');
        return tens > 9 || ones > 9 ? -1_000_000 : (int)((tens * 10) + ones);
    }
}
