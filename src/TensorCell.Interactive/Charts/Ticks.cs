using System.Globalization;

namespace TensorCell.Interactive;

/// <summary>Readable places on an axis and their labels.</summary>
internal static class Ticks
{
    private const string Prefixes = "qryzafpnµm kMGTPEZYRQ";

    /// <summary>As many as a double holds.</summary>
    private const int MostDigits = 15;

    /// <summary>The least of 1, 2, 2.5, 5 times a power of ten that is not below the ideal.</summary>
    public static double NiceStep(double ideal)
    {
        if (!(ideal > 0) || !double.IsFinite(ideal))
        {
            return 1;
        }

        var power = Math.Pow(10, Math.Floor(Math.Log10(ideal)));
        if (!(power > 0) || !double.IsFinite(power * 10))
        {
            return ideal;
        }

        foreach (var factor in (ReadOnlySpan<double>)[1, 2, 2.5, 5])
        {
            if (factor * power >= ideal * (1 - 1e-9))
            {
                return factor * power;
            }
        }

        return 10 * power;
    }

    /// <summary>At most about <paramref name="wanted"/> evenly spaced places within a range.</summary>
    public static List<Tick> Linear(double low, double high, int wanted, string? unit)
    {
        var step = NiceStep((high - low) / Math.Max(wanted, 1));
        var ticks = new List<Tick>();
        var first = Math.Ceiling((low / step) - 1e-9);
        for (var i = 0; i <= 4 * wanted; i++)
        {
            var value = (first + i) * step;
            if (!(value <= high + (step * 1e-9)) || (i > 0 && value <= ticks[^1].Value))
            {
                break;
            }

            ticks.Add(new Tick(value, Label(value, step, unit)));
        }

        return ticks;
    }

    /// <summary>Powers of ten within a range of logarithms; with 2 and 5 between when there are few.</summary>
    public static List<Tick> Log(double lowExponent, double highExponent, int wanted, string? unit)
    {
        var ticks = new List<Tick>();
        var decades = highExponent - lowExponent;
        ReadOnlySpan<double> factors = decades <= 1.2 ? [1, 2, 3, 5, 7] : decades <= wanted / 2.0 ? [1, 2, 5] : [1];
        var stride = Math.Max(1, (int)Math.Ceiling(decades / Math.Max(wanted, 1)));
        for (var exponent = (int)Math.Floor(lowExponent); exponent <= highExponent; exponent++)
        {
            if (exponent % stride != 0)
            {
                continue;
            }

            foreach (var factor in factors)
            {
                var value = factor * Math.Pow(10, exponent);
                var logarithm = Math.Log10(value);
                if (logarithm >= lowExponent - 1e-9 && logarithm <= highExponent + 1e-9)
                {
                    ticks.Add(new Tick(value, Label(value, value, unit)));
                }
            }
        }

        return ticks.Count >= 2 ? ticks : LinearOfLog(lowExponent, highExponent, wanted, unit);
    }

    /// <summary>Readable dates within a range of milliseconds since 1970.</summary>
    public static List<Tick> Date(double low, double high, int wanted)
    {
        const double Day = 86_400_000;
        ReadOnlySpan<double> steps =
        [
            1, 10, 100, 1000, 5000, 15_000, 60_000, 300_000, 900_000, 3_600_000, 10_800_000, 21_600_000, 43_200_000,
            Day, 2 * Day, 7 * Day, 14 * Day, 30 * Day, 91 * Day, 182 * Day, 365 * Day, 730 * Day, 1826 * Day, 3652 * Day,
        ];
        var step = steps[^1];
        foreach (var candidate in steps)
        {
            if ((high - low) / candidate <= wanted)
            {
                step = candidate;
                break;
            }
        }

        step = Math.Max(step, Math.Ceiling((high - low) / Math.Max(wanted, 1) / Day) * Day * (step == steps[^1] ? 1 : 0));
        var ticks = new List<Tick>();
        for (var value = Math.Ceiling(low / step) * step; value <= high && ticks.Count < 50; value += step)
        {
            ticks.Add(new Tick(value, ChartValues.DateText(value)));
        }

        return ticks;
    }

    /// <summary>A number as a tick shows it: with an SI prefix when it has a unit.</summary>
    /// <param name="value">The number.</param>
    /// <param name="step">The distance to the next tick, which fixes the digits.</param>
    /// <param name="unit">The unit; null writes a bare number.</param>
    public static string Label(double value, double step, string? unit)
    {
        if (Math.Abs(value) < Math.Abs(step) * 1e-6)
        {
            value = 0;
        }

        if (TakesPrefix(unit))
        {
            var group = value == 0 ? 0 : (int)Math.Floor((Math.Log10(Math.Abs(value)) + 1e-9) / 3);
            group = Math.Clamp(group, -10, 10);
            var scale = Math.Pow(1000, group);
            var prefix = group == 0 ? "" : Prefixes[group + 10].ToString();
            return $"{Number(value / scale, Math.Abs(step) / scale)} {prefix}{unit}";
        }

        return Number(value, Math.Abs(step)) + unit;
    }

    /// <summary>Whether a unit is written with SI prefixes, as <c>s</c> is and <c>%</c> is not.</summary>
    public static bool TakesPrefix(string? unit) => unit is { Length: > 0 } and not ("%" or "×" or "x");

    private static string Number(double value, double step)
    {
        var magnitude = Math.Max(Math.Abs(value), step);
        var stepDigits = step > 0 ? (int)Math.Ceiling(-Math.Log10(step) + 1e-9) + 1 : 3;
        var isScientific = value != 0 && magnitude is (>= 1e6 or < 1e-4);
        var format = isScientific
            ? $"0.{Digits(stepDigits + (int)Math.Floor(Math.Log10(magnitude)), 3)}e0"
            : $"#,0.{Digits(stepDigits, 0)}";
        return value.ToString(format, CultureInfo.InvariantCulture).Replace("-", "−");
    }

    private static string Digits(int wanted, int least) => new('#', Math.Clamp(wanted, least, MostDigits));

    private static List<Tick> LinearOfLog(double lowExponent, double highExponent, int wanted, string? unit) =>
        [.. Linear(Math.Pow(10, lowExponent), Math.Pow(10, highExponent), wanted, unit).Where(tick => tick.Value > 0)];
}
