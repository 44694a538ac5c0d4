using TensorCell.Interactive.Benchmarks;

namespace TensorCell.Interactive.Tests.Benchmarks;

public class QuantitiesTests
{
    [Theory]
    [InlineData(0, "0 s")]
    [InlineData(2.5e-9, "2.5 ns")]
    [InlineData(1.234e-6, "1.23 µs")]
    [InlineData(0.0123456, "12.3 ms")]
    [InlineData(0.99, "990 ms")]
    [InlineData(12.34, "12.3 s")]
    [InlineData(300, "5 min")]
    [InlineData(double.NaN, "-")]
    public void Times(double seconds, string expected) => Assert.Equal(expected, Quantities.Seconds(seconds));

    [Theory]
    [InlineData(0, "0 B")]
    [InlineData(1023, "1023 B")]
    [InlineData(1536, "1.5 KiB")]
    [InlineData(3221225472, "3 GiB")]
    public void Sizes(double bytes, string expected) => Assert.Equal(expected, Quantities.Bytes(bytes));

    [Theory]
    [InlineData(3.14e10, "31.4 GB/s")]
    [InlineData(950, "950 B/s")]
    public void Rates(double rate, string expected) => Assert.Equal(expected, Quantities.Rate(rate, "B/s"));
}
