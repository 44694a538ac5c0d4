using System.Globalization;

namespace TensorCell.Interactive.Formatting;

/// <summary>Real numbers of one table, written to five digits of the greatest and with their points below each other; very small or large ones to three digits.</summary>
internal sealed class AlignedNumbers
{
    private const int Digits = 5;
    private const double LeastFixed = 1e-3;
    private const double MostFixed = 1e6;
    private const double MostWhole = 1e9;

    private readonly int? decimals;
    private readonly bool isWhole;

    /// <summary>Chooses how the numbers are written.</summary>
    /// <param name="numbers">All that stand in the table.</param>
    public AlignedNumbers(IReadOnlyCollection<double> numbers)
    {
        var finite = numbers.Where(double.IsFinite).ToArray();
        var greatest = finite.Select(Math.Abs).DefaultIfEmpty().Max();
        isWhole = greatest < MostWhole && finite.All(value => value == Math.Truncate(value));
        if (!isWhole && greatest is >= LeastFixed and < MostFixed)
        {
            var most = Math.Max(0, Digits - 1 - (int)Math.Floor(Math.Log10(greatest)));
            decimals = finite.Max(value => Needed(value, most));
        }
    }

    /// <summary>A number as it stands alone: to five digits.</summary>
    public static string Alone(double value) => Special(value)
        ?? (Math.Abs(value) < MostWhole && value == Math.Truncate(value) ? value.ToString("0", CultureInfo.InvariantCulture) : General(value, "G5"));

    /// <summary>A number as it stands among the others.</summary>
    public string Text(double value)
    {
        if (Special(value) is { } special)
        {
            return special;
        }

        if (value == 0 || isWhole)
        {
            return value.ToString("0", CultureInfo.InvariantCulture);
        }

        return decimals is not { } places ? value.ToString("0.00e0", CultureInfo.InvariantCulture)
            : Math.Abs(value) < Math.Pow(10, -places) ? General(value, "G2")
            : value.ToString($"F{places}", CultureInfo.InvariantCulture);
    }

    private static string? Special(double value) => value switch
    {
        double.PositiveInfinity => "∞",
        double.NegativeInfinity => "−∞",
        double.NaN => "NaN",
        0 => "0",
        _ => null,
    };

    // Exponents as people write them: 4.7e-13, not 4.7E-13 or 4.7E-05.
    private static string General(double value, string format)
    {
        var text = value.ToString(format, CultureInfo.InvariantCulture);
        return text.IndexOf('E', StringComparison.Ordinal) is var split and >= 0
            ? $"{text[..split]}e{int.Parse(text.AsSpan(split + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture)}"
            : text;
    }

    // Decimals without the zeros at the end.
    private static int Needed(double value, int most)
    {
        var text = value.ToString($"F{most}", CultureInfo.InvariantCulture);
        return most == 0 ? 0 : text.TrimEnd('0').Length - text.IndexOf('.', StringComparison.Ordinal) - 1;
    }
}
