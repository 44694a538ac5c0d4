using System.Globalization;

namespace TensorCell.Data;

/// <summary>Values as text that reads back to the same value, in the invariant culture.</summary>
internal static class ValueText
{
    public static string Of<T>(T value)
        where T : unmanaged => value switch
        {
            bool boolean => boolean ? "true" : "false",
            long integer => integer.ToString(CultureInfo.InvariantCulture),
            float number => number.ToString("R", CultureInfo.InvariantCulture),
            double number => number.ToString("R", CultureInfo.InvariantCulture),
            DateOnly date => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            DateTime moment => Of(moment),
            _ => throw Throw.NoColumnType(typeof(T)),
        };

    /// <summary>ISO 8601, as short as the fraction of its second allows; with a Z when the moment is in UTC.</summary>
    private static string Of(DateTime moment)
    {
        string format = moment.Ticks % TimeSpan.TicksPerSecond == 0 ? "yyyy-MM-dd'T'HH:mm:ss" : "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF";
        string text = moment.ToString(format, CultureInfo.InvariantCulture);
        return moment.Kind == DateTimeKind.Utc ? text + "Z" : text;
    }
}
