using System.Globalization;

namespace TensorCell.Interactive.Formatting;

/// <summary>Measured quantities as people read them: three digits and a unit.</summary>
internal static class Quantity
{
    /// <summary>A time: <c>12.3 µs</c>.</summary>
    public static string Seconds(double seconds) => seconds is >= 60 and < 1e7
        ? $"{Math.Floor(seconds / 60):0} min {(seconds % 60).ToString("0", CultureInfo.InvariantCulture)} s"
        : Of(seconds, "s");

    /// <summary>A number of bytes in powers of 1024: <c>1.5 MiB</c>.</summary>
    public static string Bytes(double bytes)
    {
        string[] units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"];
        var power = 0;
        while (Math.Abs(bytes) >= 1024 && power < units.Length - 1)
        {
            bytes /= 1024;
            power++;
        }

        return double.IsFinite(bytes) ? $"{Digits(bytes, power == 0)} {units[power]}" : "–";
    }

    /// <summary>A quantity with an SI prefix: <c>83.9 GFLOP/s</c>.</summary>
    public static string Of(double value, string unit)
    {
        if (!double.IsFinite(value))
        {
            return "–";
        }

        const string Prefixes = "pnµm kMGTP";
        var group = value == 0 ? 0 : Math.Clamp((int)Math.Floor(Math.Log10(Math.Abs(value)) / 3), -4, 5);
        if (Math.Abs(value) / Math.Pow(1000, group) >= 999.5 && group < 5)
        {
            group++;
        }

        var prefix = group == 0 ? "" : Prefixes[group + 4].ToString();
        return $"{Digits(value / Math.Pow(1000, group), false)} {prefix}{unit}";
    }

    /// <summary>A share of one: <c>84 %</c>.</summary>
    public static string Percent(double share) =>
        double.IsFinite(share) ? $"{(100 * share).ToString(share < 0.1 ? "0.#" : "0", CultureInfo.InvariantCulture)} %" : "–";

    /// <summary>A ratio with three digits, two below one: <c>4.53×</c>, <c>0.18×</c>, <c>0.022×</c>.</summary>
    public static string Ratio(double ratio) => double.IsFinite(ratio) ? $"{RatioDigits(ratio)}×" : "–";

    private static string RatioDigits(double ratio) => Math.Abs(ratio) switch
    {
        0 or >= 0.0995 => Digits(ratio, false),
        >= 0.00995 => ratio.ToString("0.000", CultureInfo.InvariantCulture),
        >= 0.00095 => ratio.ToString("0.0000", CultureInfo.InvariantCulture),
        _ => ratio.ToString("0.#E0", CultureInfo.InvariantCulture),
    };

    private static string Digits(double value, bool whole) => value.ToString(
        whole || Math.Abs(value) >= 99.95 ? "#,0" : Math.Abs(value) >= 9.995 ? "0.0" : "0.00",
        CultureInfo.InvariantCulture);
}
