using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace TensorCell.Interactive.Magics;

/// <summary>Turns the text of an option or argument into a value of its type.</summary>
internal static class MagicValue
{
    private static readonly (string Unit, double Seconds)[] durations =
        [("ms", 1e-3), ("us", 1e-6), ("µs", 1e-6), ("ns", 1e-9), ("min", 60), ("s", 1), ("m", 60), ("h", 3600)];

    public static bool TryParse(string text, Type type, [NotNullWhen(true)] out object? value)
    {
        const NumberStyles whole = NumberStyles.AllowLeadingSign | NumberStyles.AllowThousands;
        const NumberStyles real = NumberStyles.Float | NumberStyles.AllowThousands;
        var culture = CultureInfo.InvariantCulture;
        value = null;
        if (type == typeof(string))
        {
            value = text;
        }
        else if (type == typeof(int) && int.TryParse(text, whole, culture, out var integer))
        {
            value = integer;
        }
        else if (type == typeof(long) && long.TryParse(text, whole, culture, out var longInteger))
        {
            value = longInteger;
        }
        else if (type == typeof(double) && double.TryParse(text, real, culture, out var number))
        {
            value = number;
        }
        else if (type == typeof(bool) && bool.TryParse(text, out var truth))
        {
            value = truth;
        }
        else if (type == typeof(TimeSpan) && TryParseDuration(text, out var duration))
        {
            value = duration;
        }
        else if (type.IsEnum && Words(type).FirstOrDefault(word => word.Equals(text, StringComparison.OrdinalIgnoreCase)) is { } found)
        {
            value = Enum.Parse(type, found, ignoreCase: true);
        }

        return value is not null;
    }

    /// <summary>What a value of the type looks like, for errors and the help.</summary>
    public static string Describe(Type type) =>
        type == typeof(int) || type == typeof(long) ? "a whole number, as 20"
        : type == typeof(double) ? "a number, as 2.5 or 1e9"
        : type == typeof(bool) ? "true or false"
        : type == typeof(TimeSpan) ? "a duration, as 200ms, 1.5s or 2min"
        : type.IsEnum ? string.Join(" or ", Words(type))
        : "text";

    /// <summary>The values an enum or a truth value can take, as they are typed.</summary>
    public static IEnumerable<string> Words(Type type) =>
        type.IsEnum ? Enum.GetNames(type).Select(name => name.ToLowerInvariant())
        : type == typeof(bool) ? ["true", "false"]
        : [];

    private static bool TryParseDuration(string text, out TimeSpan duration)
    {
        duration = default;
        foreach (var (unit, seconds) in durations)
        {
            if (text.EndsWith(unit, StringComparison.Ordinal)
                && double.TryParse(text.AsSpan(0, text.Length - unit.Length), NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
                && number >= 0
                && number * seconds < TimeSpan.MaxValue.TotalSeconds)
            {
                duration = TimeSpan.FromSeconds(number * seconds);
                return true;
            }
        }

        return false;
    }
}
