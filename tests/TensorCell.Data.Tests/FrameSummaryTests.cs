using FsCheck;
using FsCheck.Fluent;

namespace TensorCell.Data.Tests;

public sealed class FrameSummaryTests
{
    [Fact]
    public void ASummaryIsWhatThePlainestLookFinds() => Properties.Hold(
        from numbers in Gen.OneOf(
            ArbMap.Default.GeneratorFor<double>(), Gen.Choose(-5, 5).Select(number => (double)number)).Select(number => (double?)number).ListOf()
        from integers in Gen.OneOf(ArbMap.Default.GeneratorFor<long>(), Gen.Choose(-20, 20).Select(number => (long)number))
            .Select(number => number % 7 == 0 ? (long?)null : number).ListOf(numbers.Count)
        from texts in Gen.Elements("a", "b", "", "long text", null).ListOf(numbers.Count)
        from days in Gen.Choose(0, 100_000).ListOf(numbers.Count)
        select (numbers, integers, texts, days),
        drawn =>
        {
            Frame frame = new(
                Column.From("x", drawn.numbers),
                Column.From("n", drawn.integers),
                Column.From("t", drawn.texts),
                Column.From("d", drawn.days.Select(DateOnly.FromDayNumber).ToArray()),
                Column.From("b", drawn.days.Select(day => day % 2 == 0).ToArray()));
            FrameSummary summary = frame.Summarize();
            double[] numbers = [.. drawn.numbers.OfType<double>().Where(number => !double.IsNaN(number))];
            long[] integers = [.. drawn.integers.OfType<long>()];
            Assert.Equal(numbers.Length == 0 ? null : numbers.Max(), summary.Columns[0].Maximum);
            Assert.Equal(numbers.Length == 0 ? null : numbers.Min(), summary.Columns[0].Minimum);
            Assert.Equal(numbers.Count(double.IsFinite), summary.Columns[0].Histogram.Sum());
            Assert.Equal(integers.Length == 0 ? null : integers.Min(), summary.Columns[1].Minimum);
            Assert.Equal(integers.Length, summary.Columns[1].Histogram.Sum());
            Assert.Equal(drawn.integers.Count - integers.Length, summary.Columns[1].Missing);
            if (integers.Length > 0 && (decimal)integers.Max() - integers.Min() < 24)
            {
                Assert.Equal(Enumerable.Range(0, (int)(integers.Max() - integers.Min()) + 1)
                    .Select(place => integers.Count(integer => integer == integers.Min() + place)), summary.Columns[1].Histogram);
                Assert.Equal(integers.Distinct().Count(), summary.Columns[1].Distinct);
                Assert.Equal(integers.Average(), summary.Columns[1].Mean!.Value, 9);
            }

            Assert.Equal(
                drawn.texts.OfType<string>().GroupBy(text => text).OrderByDescending(group => group.Count()).Select(group => new ValueCount(group.Key, group.Count())),
                summary.Columns[2].MostFrequent);
            Assert.Equal(drawn.days.Count, summary.Columns[3].Histogram.Sum());
            Assert.Equal(drawn.days.Count == 0 ? [] : [drawn.days.Count(day => day % 2 == 1), drawn.days.Count(day => day % 2 == 0)], summary.Columns[4].Histogram);
            Assert.Same(summary, frame.Summarize());
            Assert.Equal(6, summary.ToString().Split('\n').Length);
        });

    [Fact]
    public void TheLimitsOfNumbersAreCounted()
    {
        Frame frame = new(
            Column.From("x", new[] { double.MinValue, 0, double.MaxValue, double.PositiveInfinity, double.NaN }),
            Column.From("n", new[] { long.MinValue, 0, 1, 2, long.MaxValue }),
            Column.From("e", new[] { double.Epsilon, 0, 0, 0, 0 }),
            Column.From("none", new double?[5]));
        FrameSummary summary = frame.Summarize();
        Assert.Equal([3, 5, 5, 0], summary.Columns.Select(column => column.Histogram.Sum()));
        Assert.Equal((1, 1), (summary.Columns[0].Histogram[0], summary.Columns[0].Histogram[^1]));
        Assert.Equal(double.PositiveInfinity, summary.Columns[0].Maximum);
        Assert.Equal((null, 0), (summary.Columns[3].Mean, summary.Columns[3].Distinct));
        Assert.Null(summary.Columns[1].Distinct);
    }

    [Theory]
    [InlineData(1L << 62, 101)]
    [InlineData((1L << 53) - 3, 7)]
    [InlineData(long.MinValue, 24)]
    [InlineData(long.MaxValue - 65_535, 65_536)]
    public void NeighbouringIdsThatAreTheSameDoubleAreToldApart(long first, int count)
    {
        long?[] ids = [null, .. Enumerable.Range(0, count).Select(place => (long?)(first + place)), first];
        ColumnSummary summary = new Frame(Column.From("id", ids)).Summarize().Columns[0];
        Assert.Equal(count, summary.Distinct);
        int bins = Math.Min(count, 24);
        Assert.Equal(Enumerable.Range(0, bins).Select(bin =>
            Enumerable.Range(0, count).Count(place => (count <= 24 ? place : Math.Min((long)place * bins / (count - 1), bins - 1)) == bin) + (bin == 0 ? 1 : 0)),
            summary.Histogram);
    }
}
