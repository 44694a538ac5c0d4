using System.Globalization;

namespace TensorCell.Interactive.Benchmarks;

/// <summary>Times, sizes and rates as people read them, to three digits.</summary>
public static class Quantities
{
    private static readonly string[] decimalPrefixes = ["", "K", "M", "G", "T", "P"];
    private static readonly string[] binaryPrefixes = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"];

    /// <summary>A time: <c>1.23 ms</c>.</summary>
    public static string Seconds(double seconds) => Math.Abs(seconds) switch
    {
        double.NaN => "-",
        0 => "0 s",
        < 1e-6 => $"{Digits(seconds * 1e9)} ns",
        < 1e-3 => $"{Digits(seconds * 1e6)} µs",
        < 1 => $"{Digits(seconds * 1e3)} ms",
        < 120 => $"{Digits(seconds)} s",
        _ => $"{Digits(seconds / 60)} min",
    };

    /// <summary>A number of bytes: <c>1.5 MiB</c>.</summary>
    public static string Bytes(double bytes)
    {
        var power = 0;
        while (Math.Abs(bytes) >= 1024 && power < binaryPrefixes.Length - 1)
        {
            bytes /= 1024;
            power++;
        }

        return $"{(power == 0 ? Math.Round(bytes).ToString(CultureInfo.InvariantCulture) : Digits(bytes))} {binaryPrefixes[power]}";
    }

    /// <summary>A rate with its unit: <c>31.4 GB/s</c>, <c>98 GFLOP/s</c>.</summary>
    public static string Rate(double perSecond, string unit)
    {
        var power = 0;
        while (Math.Abs(perSecond) >= 1000 && power < decimalPrefixes.Length - 1)
        {
            perSecond /= 1000;
            power++;
        }

        return $"{Digits(perSecond)} {decimalPrefixes[power]}{unit}";
    }

    /// <summary>A share as a percentage: <c>87 %</c>.</summary>
    public static string Percent(double share) => $"{Digits(share * 100)} %";

    /// <summary>Three significant digits, without an exponent.</summary>
    public static string Digits(double value)
    {
        var size = Math.Abs(value);
        var format = size switch { >= 99.95 => "0", >= 9.995 => "0.#", _ => "0.##" };
        return value.ToString(format, CultureInfo.InvariantCulture);
    }
}
