using System.Collections.Concurrent;
using TensorCell.Kernels;

namespace TensorCell.Data.Tests;

public sealed class CsvTests
{
    private const string People = "name,age,height\nAda,36,1.7\nGrace,85,1.6\n";

    [Fact]
    public void ColumnsGetTheNarrowestTypeOfAllTheirValues()
    {
        Frame frame = Csv.Parse("a,b,c,d,e,f,g\n1,1,true,2026-03-02,2026-03-02,x,\n2,2.5,false,2026-03-03,2026-03-03T10:00,1,\n");
        Assert.Equal(
            [ColumnType.Int64, ColumnType.Float64, ColumnType.Boolean, ColumnType.Date, ColumnType.DateTime, ColumnType.Text, ColumnType.Float64],
            frame.Columns.Select(column => column.Type));
        Assert.Equal(2, frame["g"].MissingCount);
    }

    [Fact]
    public void AValueFarBehindTheSampleWidensItsColumnAndKeepsEveryText()
    {
        string rows = string.Concat(Enumerable.Range(0, 5000).Select(row => $"007,{row},\n"));
        Frame frame = Csv.Parse($"code,number,late\n{rows}x7,2.5,2026-03-02\n");
        Assert.Equal(ColumnType.Text, frame["code"].Type);
        Assert.Equal("007", frame["code"][4999]);
        Assert.Equal(["007", "x7"], frame.Text("code").Categories);
        Assert.Equal(4999.0, frame["number"][4999]);
        Assert.Equal(ColumnType.Date, frame["late"].Type);
        Assert.Equal(5000, frame["late"].MissingCount);
    }

    [Theory]
    [InlineData("a;b\n1;2\n", 2)]
    [InlineData("a\tb\tc\n1\t2\t3\n", 3)]
    [InlineData("a|b\n1|2\n", 2)]
    [InlineData("\"x,y\";b\n1;2\n", 2)]
    [InlineData("lone\n1\n", 1)]
    public void TheSeparatorIsFoundInTheHeader(string text, int columns) => Assert.Equal(columns, Csv.Parse(text).ColumnCount);

    [Theory]
    [InlineData("a,b\n1,2\n", "a,b", 1)]
    [InlineData("1,2\n3,4\n", "column_1,column_2", 2)]
    [InlineData("a,2\n3,4\n", "column_1,column_2", 2)]
    public void AHeaderIsDetected(string text, string names, int rows)
    {
        Frame frame = Csv.Parse(text, new CsvOptions { Header = CsvHeader.Detect });
        Assert.Equal(names, string.Join(',', frame.ColumnNames));
        Assert.Equal(rows, frame.RowCount);
    }

    [Fact]
    public void NamesBecomeUnique() => Assert.Equal(["x", "x_3", "x_2", "column_4"], Csv.Parse("x,x,x_2,\n1,2,3,4\n").ColumnNames);

    [Fact]
    public void ARowOfTheWrongLengthIsLocated()
    {
        CsvException error = Assert.Throws<CsvException>(() => Csv.Parse("a,b\r\n1,\"two\nlines\"\r\n\r\n3\r\n"));
        Assert.Equal(5, error.Line);
        Assert.Equal("text, line 5: found 1 field; expected 2, one for each column", error.Message);
    }

    [Fact]
    public void AValueThatTheSchemaForbidsIsLocated()
    {
        CsvOptions options = new() { Schema = new Dictionary<string, ColumnType> { ["age"] = ColumnType.Int64 } };
        CsvException error = Assert.Throws<CsvException>(() => Csv.Parse(People + "Alan,forty,1.8\n", options));
        Assert.Equal("text, line 4, column \"age\": found \"forty\"; expected an integer of 64 bits", error.Message);
        Assert.Equal("age", error.Column);
    }

    [Fact]
    public void TheFirstBadRowOfAFileIsTheOneThatIsThrown()
    {
        string rows = string.Concat(Enumerable.Range(0, 20_000).Select(row => row % 7000 == 6500 ? "1\n" : "1,2\n"));
        CsvException error = Assert.Throws<CsvException>(() => Csv.Parse("a,b\n" + rows));
        Assert.Equal(6502, error.Line);
    }

    [Fact]
    public void BadRowsAreSkippedAndCountedAsAsked()
    {
        CsvOptions options = new() { BadRows = BadRows.Skip, Schema = new Dictionary<string, ColumnType> { ["b"] = ColumnType.Float64 } };
        Frame frame = Csv.Parse("a,b\n1,2\n3\n4,x\n\"5\"x,6\n7,8\n", options);
        Assert.Equal([1, 7], frame["a"].ToArray<int>());
        Assert.Equal(3, frame.Report!.SkippedRows);
        Assert.Equal([3, 4, 5], frame.Report.FirstSkipped.Select(error => error.Line));
    }

    [Fact]
    public void AQuoteThatIsNeverClosedIsLocated()
    {
        CsvException error = Assert.Throws<CsvException>(() => Csv.Parse("a,b\n1,2\n3,\"4\n5,6\n"));
        Assert.Equal(3, error.Line);
        Assert.Contains("closing quote", error.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void ARowBeyondTheLimitIsAnErrorEvenWhenBadRowsAreSkipped()
    {
        CsvOptions options = new() { MaxRowBytes = 1000, BadRows = BadRows.Skip };
        string text = "a,b\n1,2\n3,\"" + new string('x', 400_000);
        CsvException error = Assert.Throws<CsvException>(() => Csv.Parse(text, options));
        Assert.Equal(3, error.Line);
        Assert.Contains("1000 bytes", error.Problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n\n\n")]
    [InlineData("\uFEFF")]
    public void NothingIsAnError(string text) => Assert.Contains(
        "expected at least the columns' names", Assert.Throws<CsvException>(() => Csv.Parse(text)).Message, StringComparison.Ordinal);

    [Fact]
    public void Utf16IsNamed() => Assert.Contains(
        "UTF-16", Assert.Throws<CsvException>(() => Csv.Parse(System.Text.Encoding.Unicode.GetPreamble())).Message, StringComparison.Ordinal);

    [Fact]
    public void AHeaderAloneIsAFrameWithoutRows()
    {
        Frame frame = Csv.Parse("a,b\n");
        Assert.Equal(0, frame.RowCount);
        Assert.Equal(2, frame.ColumnCount);
    }

    [Fact]
    public void MissingTokensAreOnesOwn()
    {
        Frame frame = Csv.Parse("a,b\n-999,x\n1,?\n", new CsvOptions { Missing = ["-999", "?"] });
        Assert.Equal([double.NaN, 1], frame["a"].ToArray<double>());
        Assert.Equal<IEnumerable<string?>>(["x", null], frame["b"].ToArray<string?>());
    }

    [Fact]
    public void OnlyAskedColumnsAreRead() =>
        Assert.Equal(["name", "height"], Csv.Parse(People, new CsvOptions { Columns = ["height", "name"] }).ColumnNames);

    [Fact]
    public void AnUnknownColumnIsAnsweredWithTheNearest()
    {
        CsvOptions options = new() { Columns = ["heigth"] };
        Assert.Contains("\"height\"", Assert.Throws<CsvException>(() => Csv.Parse(People, options)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData('"')]
    [InlineData('\n')]
    [InlineData('é')]
    public void ASeparatorThatCannotBeIsRefused(char separator) =>
        Assert.Throws<ArgumentException>(() => Csv.Parse(People, new CsvOptions { Separator = separator }));

    [Fact]
    public void AMissingFileIsNamed()
    {
        FileNotFoundException error = Assert.Throws<FileNotFoundException>(() => Csv.Read("no-such.csv"));
        Assert.Contains("no-such.csv", error.Message, StringComparison.Ordinal);
        Assert.Contains(Directory.GetCurrentDirectory(), error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ReadingTellsHowFarItIsAndLeavesATrace()
    {
        string path = Path.GetTempFileName();
        try
        {
            File.WriteAllText(path, People);
            List<ReadProgress> told = [];
            ConcurrentQueue<TraceEvent> traced = []; // other tests' threads tell of their work, too
            Frame frame;
            using (Tracing.Listen(traced.Enqueue))
            {
                frame = Csv.Read(path, progress: new Recorder(told.Add));
            }

            Assert.Equal(1, told[^1].Fraction);
            Assert.Equal(2, told[^1].Rows);
            TraceEvent parse = Assert.Single(traced, traceEvent => traceEvent.Kind == TraceKind.Parse && traceEvent.Name == path);
            Assert.Equal(People.Length, parse.Bytes);
            Assert.Equal(path, frame.Report!.Source);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void ReadingIsCancelledAndInterrupted()
    {
        byte[] text = System.Text.Encoding.UTF8.GetBytes("a\n" + string.Concat(Enumerable.Repeat("1\n", 400_000)));
        using CancellationTokenSource cancelled = new();
        cancelled.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() => Csv.Parse(text, cancellation: cancelled.Token));
        using (Interruption.Begin(cancelled.Token))
        {
            Assert.ThrowsAny<OperationCanceledException>(() => Csv.Parse(text));
        }

        Assert.Equal(400_000, Csv.Parse(text).RowCount);
    }

    private sealed class Recorder(Action<ReadProgress> record) : IProgress<ReadProgress>
    {
        public void Report(ReadProgress value)
        {
            lock (this)
            {
                record(value);
            }
        }
    }
}
