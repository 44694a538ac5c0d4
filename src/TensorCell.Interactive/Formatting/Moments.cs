using System.Globalization;

namespace TensorCell.Interactive.Formatting;

/// <summary>Writes moments that stand below each other in one format.</summary>
internal static class Moments
{
    private static readonly (long Ticks, string Format)[] formats =
    [
        (TimeSpan.TicksPerMinute, "yyyy-MM-dd HH:mm"),
        (TimeSpan.TicksPerSecond, "yyyy-MM-dd HH:mm:ss"),
        (TimeSpan.TicksPerMillisecond, "yyyy-MM-dd HH:mm:ss.fff"),
        (TimeSpan.TicksPerMicrosecond, "yyyy-MM-dd HH:mm:ss.ffffff"),
        (1, "yyyy-MM-dd HH:mm:ss.fffffff"),
    ];

    /// <summary>The shortest format that hides no part of any of the moments.</summary>
    public static string FormatOf(IEnumerable<DateTime> moments)
    {
        var least = 0;
        foreach (var moment in moments)
        {
            while (moment.Ticks % formats[least].Ticks != 0)
            {
                least++;
            }
        }

        return formats[least].Format;
    }

    /// <summary>A moment in a format; with a Z when it is in UTC.</summary>
    public static string Text(DateTime moment, string format) =>
        moment.ToString(format, CultureInfo.InvariantCulture) + (moment.Kind == DateTimeKind.Utc ? "Z" : "");
}
