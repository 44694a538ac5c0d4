using System.Globalization;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using TensorCell.Data.Parsing;

namespace TensorCell.Data.Tests;

public sealed unsafe class NumberTests
{
    private static readonly string[] edges =
    [
        "0", "-0", "0.0", "00", "1", "9007199254740992", "9007199254740993", "9007199254740993.0", "1.7976931348623157e308", "1.7976931348623159e308",
        "2.2250738585072014e-308", "2.2250738585072011e-308", "4.9e-324", "2.4703282292062327e-324", "2.4703282292062328e-324", "5e-324", "1e-400",
        "1e400", "1e23", "8.5e22", "123456789012345678901234567890", "0.000000000000000000000000000000000001", "1e+5", "1E-5", "5.", ".5", "+3.5",
        "16777217", "3.4028235e38", "3.4028236e38", "1.1754943508222875e-38", "1e-45", "0.1", "0.30000000000000004", "7.0385307e-26",
        "179769313486231580793728971405301e276", "6929495644600919.5", "3.0540412E5", "1e0000000000000000005", "9223372036854775807",
        "-9223372036854775808", "9223372036854775808", "0.00000000000000000000000000000000000000000000000000001e60",
    ];

    private static readonly string[] nonsense = ["", "-", "+", ".", "-.", "e5", "1e", "1e+", "1.2.3", "1-2", "--1", "0x10", "1_000", "1,5", "12a", "५", "1e5.5", "in", "infin"];

    [Fact]
    public void EdgesReadAsTheFrameworkReadsThem() => Assert.All(edges, Verify);

    [Fact]
    public void NonsenseIsNoNumber() => Assert.All(nonsense, text =>
    {
        Assert.False(TryParse<double, DoubleParser>(text, out _));
        Assert.False(TryParse<float, FloatParser>(text, out _));
        Assert.False(TryParse<long, Int64Parser>(text, out _));
    });

    [Fact]
    public void AnyDoubleInItsShortestFormReadsBackBitForBit() => Properties.Hold(AnyDouble(), number =>
    {
        string text = number.ToString("R", CultureInfo.InvariantCulture);
        Assert.True(TryParse(text, out double read) && BitConverter.DoubleToInt64Bits(read) == BitConverter.DoubleToInt64Bits(number), text);
    }, 50_000);

    [Fact]
    public void AnyDecimalReadsAsTheFrameworkReadsIt() => Properties.Hold(AnyDecimal(), Verify, 50_000);

    [Fact]
    public void HalfwayCasesReadAsTheFrameworkReadsThem() => Properties.Hold(AnyDouble(), number =>
    {
        // Half-way between two doubles, written out in full, and a digit more or less.
        decimal exact = (decimal)Math.ScaleB(1 + (Math.Abs(number % 1) * 0.999), 40);
        string text = (exact + (decimal)Math.ScaleB(1, -13)).ToString(CultureInfo.InvariantCulture);
        Verify(text);
        Verify(text + "0000000000000000000001");
        Verify(text.Remove(text.Length - 1) + "4999999999999999");
    }, 5_000);

    [Fact]
    [Trait("Category", "Long")]
    public void DecimalsForLong() => Properties.Hold(AnyDecimal(), Verify, 5_000_000);

    private static Gen<double> AnyDouble() =>
        from high in Gen.Choose(int.MinValue, int.MaxValue)
        from low in Gen.Choose(int.MinValue, int.MaxValue)
        let number = BitConverter.Int64BitsToDouble(((long)high << 32) | (uint)low)
        where double.IsFinite(number)
        select number;

    private static Gen<string> AnyDecimal() =>
        from sign in Gen.Elements("", "", "-", "+")
        from whole in Digits(24)
        from point in Gen.Elements("", ".")
        from fraction in point.Length == 0 ? Gen.Constant("") : Digits(30)
        from exponent in Gen.Frequency((3, Gen.Constant("")), (1, Gen.Choose(-360, 360).Select(power => $"e{power}")))
        where whole.Length + fraction.Length > 0
        select sign + whole + point + fraction + exponent;

    private static Gen<string> Digits(int most) =>
        from length in Gen.Choose(0, most)
        from digits in Gen.Frequency((5, Gen.Choose(0, 9)), (1, Gen.Constant(0)), (1, Gen.Constant(9))).ListOf(length)
        select string.Concat(digits);

    private static void Verify(string text)
    {
        Assert.True(TryParse(text, out double number), text);
        double expected = double.Parse(text, CultureInfo.InvariantCulture);
        Assert.True(BitConverter.DoubleToInt64Bits(expected) == BitConverter.DoubleToInt64Bits(number), $"{text}: {number:R}, expected {expected:R}");

        Assert.True(TryParse<float, FloatParser>(text, out float single), text);
        float expectedSingle = float.Parse(text, CultureInfo.InvariantCulture);
        Assert.True(
            BitConverter.SingleToInt32Bits(expectedSingle) == BitConverter.SingleToInt32Bits(single), $"{text}: {single:R}f, expected {expectedSingle:R}f");

        bool isInteger = long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long expectedInteger);
        Assert.True(isInteger == TryParse<long, Int64Parser>(text, out long integer), text);
        Assert.True(!isInteger || expectedInteger == integer, text);
    }

    private static bool TryParse(string text, out double value) => TryParse<double, DoubleParser>(text, out value);

    private static bool TryParse<T, TParser>(string text, out T value)
        where T : unmanaged
        where TParser : struct, IValueParser<T>
    {
        // Digits all around, which a parser that read beyond the text would take for part of it.
        byte[] padded = new byte[FieldPadding.Before + Encoding.UTF8.GetByteCount(text) + FieldPadding.After];
        padded.AsSpan().Fill((byte)'7');
        int length = Encoding.UTF8.GetBytes(text, padded.AsSpan(FieldPadding.Before));
        fixed (byte* start = padded)
        {
            return TParser.TryParse(start + FieldPadding.Before, length, out value);
        }
    }
}
