using System.Globalization;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using TensorCell.Data.Parsing;
using TensorCell.Data.Parsing.Json;
using TensorCell.Kernels;

namespace TensorCell.Data.Tests;

public sealed class NdJsonTests
{
    private const string People = """
        {"name": "Ada", "born": "1815-12-10", "height": 1.65, "tags": ["a", 1], "address": {"city": "London", "zip": {"code": 7}}}
        {"name": "Alan", "born": "1912-06-23", "height": 1.8, "address": {"city": "Wilmslow", "zip": null}, "late": true}

        {"name": "Grace \"G\" \u0048opper \ud83d\ude00", "born": null, "address": null, "height": 2}
        """;

    [Fact]
    public void RowsBecomeTypedColumns()
    {
        Frame frame = NdJson.Parse(People);
        Assert.Equal(["name", "born", "height", "tags", "address.city", "address.zip.code", "late"], frame.ColumnNames);
        Assert.Equal(
            [ColumnType.Text, ColumnType.Date, ColumnType.Float64, ColumnType.Text, ColumnType.Text, ColumnType.Int64, ColumnType.Boolean],
            frame.Columns.Select(column => column.Type));
        Assert.Equal(["Ada", "Alan", "Grace \"G\" Hopper 😀"], frame["name"].ToArray<string>());
        Assert.Equal([1.65, 1.8, 2], frame["height"].ToArray<double>());
        Assert.Equal("[\"a\", 1]", frame.Text("tags")[0]);
        Assert.Equal([7L, null, null], Enumerable.Range(0, 3).Select(row => frame["address.zip.code"][row]));
        Assert.Equal([null, true, null], Enumerable.Range(0, 3).Select(row => frame["late"][row]));
        Assert.Equal(new DateOnly(1815, 12, 10), frame["born"][0]);
        Assert.Equal(3, frame.Report!.Rows);
    }

    [Theory]
    [InlineData("1", "2.5", ColumnType.Float64, "2.5")]
    [InlineData("1", "\"x\"", ColumnType.Text, "x")]
    [InlineData("true", "1", ColumnType.Text, "1")]
    [InlineData("1", "1e400", ColumnType.Text, "1e400")]
    [InlineData("1", "12345678901234567890", ColumnType.Float64, "1.2345678901234567E+19")]
    [InlineData("\"2026-03-02\"", "\"2026-03-02T14:05:00Z\"", ColumnType.DateTime, "2026-03-02T14:05:00Z")]
    [InlineData("\"2026-03-02\"", "\"soon\"", ColumnType.Text, "soon")]
    [InlineData("1.0", "[1.0]", ColumnType.Text, "[1.0]")]
    public void TypesWidenForTheLastRow(string value, string last, ColumnType type, string text)
    {
        StringBuilder lines = new();
        for (int row = 0; row < 20_000; row++)
        {
            lines.Append(CultureInfo.InvariantCulture, $"{{\"a\":{value}}}\n");
        }

        Column column = NdJson.Parse(lines + $"{{\"a\":{last}}}").Columns[0];
        Assert.Equal(type, column.Type);
        Assert.Equal(text, column.ToArray<string>()[^1]);
        Assert.Equal(20_001, column.Count);
        Assert.Equal(0, column.MissingCount);
    }

    [Theory]
    [InlineData("{\"a\": 1, \"b\": 007}", 2, "byte 15", "a number as JSON writes it")]
    [InlineData("{\"a\": NaN}", 2, "byte 7", "a value")]
    [InlineData("{\"a\": \"x", 2, "the end of the line at byte 9", "a closing quote")]
    [InlineData("{\"a\": 1", 2, "the end of the line at byte 8", "a comma or }")]
    [InlineData("{\"a\": 1,}", 2, "byte 9", "a key in quotes")]
    [InlineData("{\"a\" 1}", 2, "byte 6", "a colon")]
    [InlineData("{\"a\": 1} {\"a\": 2}", 2, "byte 10", "the end of the line after the object")]
    [InlineData("[1]", 2, "byte 1", "an object, one on each line")]
    [InlineData("{\"a\": \"\\uD800\"}", 2, "byte 8", "an escape such as")]
    [InlineData("{\"a\": \"\\q\"}", 2, "byte 8", "an escape")]
    public void ABadLineIsLocated(string line, long expectedLine, string found, string expected)
    {
        NdJsonException error = Assert.Throws<NdJsonException>(() => NdJson.Parse($"{{\"a\": 0}}\r\n{line}\n{{\"a\": 5}}"));
        Assert.Equal(expectedLine, error.Line);
        Assert.Contains(found, error.Message, StringComparison.Ordinal);
        Assert.Contains($"expected {expected}", error.Message, StringComparison.Ordinal);
        Frame skipped = NdJson.Parse($"{{\"a\": 0}}\r\n{line}\n{{\"a\": 5}}", new NdJsonOptions { BadRows = BadRows.Skip });
        Assert.Equal([0, 5], skipped["a"].ToArray<long>());
        Assert.Equal(error.Message, Assert.Single(skipped.Report!.FirstSkipped).Message);
    }

    [Fact]
    public void ATruncatedFileIsToldByItsLastLine()
    {
        NdJsonException error = Assert.Throws<NdJsonException>(() => NdJson.Parse("{\"a\": 1}\n{\"a\": \"lo"));
        Assert.Equal(2, error.Line);
        Assert.Contains("the end of the file", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void BytesThatAreNotUtf8AreLocated()
    {
        byte[] text = [.. "{\"a\": \"ok\"}\n{\"a\": \""u8, 0xC3, 0x28, .. "\"}\n"u8];
        NdJsonException error = Assert.Throws<NdJsonException>(() => NdJson.Parse(text));
        Assert.Equal(2, error.Line);
        Assert.Contains("at byte 8 of the row; expected text in UTF-8", error.Message, StringComparison.Ordinal);
        Assert.Contains("UTF-16", Assert.Throws<NdJsonException>(() => NdJson.Parse(Encoding.Unicode.GetPreamble())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void NestingEndsAtALimitAndNotInAStackOverflow()
    {
        foreach ((string open, string close) in ((string, string)[])[("[", "]"), ("{\"a\":", "}"), ("[{\"a\":", "}]")])
        {
            string Nested(int levels) =>
                "{\"a\":" + string.Concat(Enumerable.Repeat(open, levels)) + "1" + string.Concat(Enumerable.Repeat(close, levels)) + "}";
            int most = open.Length == 6 ? 31 : 63;
            Assert.Equal(1, NdJson.Parse(Nested(most)).RowCount);
            Assert.Contains(
                "nested at most 64 deep", Assert.Throws<NdJsonException>(() => NdJson.Parse(Nested(most + 1))).Message, StringComparison.Ordinal);
            Assert.Throws<NdJsonException>(() => NdJson.Parse(Nested(1_000_000)));
        }
    }

    [Fact]
    public void ASchemaGivesTypesAndKeepsNestedJson()
    {
        NdJsonOptions options = new()
        {
            Schema = new Dictionary<string, ColumnType> { ["id"] = ColumnType.Text, ["user"] = ColumnType.Text, ["x"] = ColumnType.Float32, ["gone"] = ColumnType.Date },
        };
        Frame frame = NdJson.Parse("{\"id\": 007e0, \"x\": 1}".Replace("007e0", "7", StringComparison.Ordinal) + "\n{\"id\": \"b\", \"user\": {\"n\": [1]}, \"x\": \"2.5\"}", options);
        Assert.Equal(["id", "x", "user", "gone"], frame.ColumnNames);
        Assert.Equal("{\"n\": [1]}", frame.Text("user")[1]);
        Assert.Equal([1f, 2.5f], frame["x"].ToArray<float>());
        Assert.Equal(2, frame["gone"].MissingCount);
        NdJsonException error = Assert.Throws<NdJsonException>(() => NdJson.Parse("{\"x\": 1}\n{\"x\": true}", options));
        Assert.Equal((2, "x"), (error.Line, error.Column));
        Assert.Contains("found \"true\"; expected a number", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ColumnsAreChosenByNameOrObject()
    {
        Frame frame = NdJson.Parse(People, new NdJsonOptions { Columns = ["address", "height"] });
        Assert.Equal(["height", "address.city", "address.zip.code"], frame.ColumnNames);
        Assert.Contains(
            "the nearest is \"height\"",
            Assert.Throws<NdJsonException>(() => NdJson.Parse(People, new NdJsonOptions { Columns = ["heigth"] })).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void DataWrittenAsKeysIsRefused()
    {
        string lines = string.Concat(Enumerable.Range(0, JsonColumns.MostColumns + 1).Select(row => $"{{\"k{row}\":1}}\n"));
        Assert.Contains("ColumnType.Text", Assert.Throws<NdJsonException>(() => NdJson.Parse(lines)).Message, StringComparison.Ordinal);
        string nested = string.Concat(Enumerable.Range(0, JsonColumns.MostColumns + 1).Select(row => $"{{\"k\":{{\"k{row}\":1}}}}\n"));
        NdJsonOptions options = new() { Schema = new Dictionary<string, ColumnType> { ["k"] = ColumnType.Text } };
        Assert.Equal("{\"k7\":1}", NdJson.Parse(nested, options).Text("k")[7]);
    }

    [Fact]
    public void ALineLongerThanAllowedIsRefused()
    {
        NdJsonOptions options = new() { MaxRowBytes = 1000, BadRows = BadRows.Skip };
        string text = "{\"a\": 1}\n{\"a\": \"" + new string('x', 2_000_000) + "\"}\n{\"a\": 2}\n";
        NdJsonException error = Assert.Throws<NdJsonException>(() => NdJson.Parse(text, options));
        Assert.Equal(2, error.Line);
        Assert.Contains("more than 1000 bytes", error.Message, StringComparison.Ordinal);
        Assert.Equal(3, NdJson.Parse(text).RowCount);
    }

    [Fact]
    public void NothingIsAFrameWithoutRows()
    {
        Assert.Equal((0, 0), (NdJson.Parse("").RowCount, NdJson.Parse(" \r\n\n").ColumnCount));
        Assert.Equal(
            ColumnType.Date,
            NdJson.Parse("", new NdJsonOptions { Schema = new Dictionary<string, ColumnType> { ["d"] = ColumnType.Date } })["d"].Type);
    }

    [Fact]
    public void OneArrayIsReadAsItsElements()
    {
        Frame frame = NdJson.Parse("\n[\n  {\n    \"a\": 1,\n    \"b\": \"x,]\\\"[\"\n  },\n  {\"a\": 2.5}\n]\n");
        Assert.Equal([1, 2.5], frame["a"].ToArray<double>());
        Assert.Equal("x,]\"[", frame["b"][0]);
        Assert.Equal(0, NdJson.Parse("[]").RowCount);
        Assert.Equal(3, Assert.Throws<NdJsonException>(() => NdJson.Parse("[\n{\"a\":1},\n{\"a\":}\n]")).Line);
    }

    [Theory]
    [InlineData("[{\"a\":1},]", "found ]; expected an object")]
    [InlineData("[,{\"a\":1}]", "found ,; expected an object")]
    [InlineData("[{\"a\":1}", "inside the array; expected ]")]
    [InlineData("[{\"a\":1}]\n{}", "more after the array")]
    [InlineData("[{\"a\":\"\n\"}]", "a closing quote")]
    [InlineData("[1]", "an object")]
    public void AnArrayWithMistakesIsRefused(string text, string problem) =>
        Assert.Contains(problem, Assert.Throws<NdJsonException>(() => NdJson.Parse(text)).Message, StringComparison.Ordinal);

    [Fact]
    public void WhatIsWrittenReadsBackTheSame() => Properties.Hold(
        from rows in Gen.Choose(1, 60)
        from numbers in Gen.OneOf(
            ArbMap.Default.GeneratorFor<NormalFloat>().Select(number => (double?)number.Item),
            Gen.Choose(-100, 100).Select(number => (double?)number),
            Gen.Constant((double?)null)).ListOf(rows)
        from integers in ArbMap.Default.GeneratorFor<long>().ListOf(rows)
        from texts in ArbMap.Default.GeneratorFor<string?>().ListOf(rows)
        from truths in Gen.Elements(true, false).ListOf(rows)
        from ticks in Gen.Choose(0, int.MaxValue).ListOf(rows)
        select (numbers, integers, texts, truths, ticks),
        drawn =>
        {
            Frame frame = new(
                Column.From("x.y", drawn.numbers),
                Column.From("n", drawn.integers.ToArray()),
                Column.From("t", drawn.texts.Select(text => text is null ? null : string.Concat(text.Where(character => !char.IsSurrogate(character))))),
                Column.From("b", drawn.truths.ToArray()),
                Column.From("d", drawn.ticks.Select(tick => DateTime.UnixEpoch.AddMilliseconds(tick)).ToArray()));
            Frame read = NdJson.Parse(
                NdJson.ToText(frame), new NdJsonOptions { Schema = new Dictionary<string, ColumnType> { ["t"] = ColumnType.Text, ["x.y"] = ColumnType.Float64 } });
            Assert.Equal(Listing(frame), Listing(read));
        });

    [Fact]
    public void AFileIsWrittenAsAWholeOrNotAtAll()
    {
        string folder = Directory.CreateTempSubdirectory("tensorcell-ndjson").FullName;
        try
        {
            string path = Path.Combine(folder, "rows.ndjson");
            NdJson.Write(new Frame(Column.From("x", new[] { 1.0, 2.5 })), path);
            Assert.Equal("{\"x\":1.0}\n{\"x\":2.5}\n", File.ReadAllText(path));
            Assert.Throws<InvalidOperationException>(() => NdJson.Write(new Frame(Column.From("x", new[] { 1.0, double.PositiveInfinity })), path));
            Assert.Equal([1.0, 2.5], NdJson.Read(path)["x"].ToArray<double>());
            Assert.Single(Directory.GetFiles(folder));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void ReadingTellsProgressAndCanBeCancelled()
    {
        byte[] text = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 50_000).Select(row => $"{{\"a\":{row},\"b\":\"text {row}\"}}\n")));
        List<ReadProgress> told = [];
        MemorySource source = new(text, "text") { Format = SourceFormat.NdJson };
        NdJsonReader.Read(source, new NdJsonOptions(), new Listener(told), TestContext.Current.CancellationToken, chunkBytes: 4096);
        Assert.Equal((text.Length, 50_000), ((int)told[^1].Bytes, (int)told[^1].Rows));
        Assert.ThrowsAny<OperationCanceledException>(() => NdJson.Parse(text, cancellation: new CancellationToken(canceled: true)));
        using CancellationTokenSource cancel = new();
        cancel.Cancel();
        using Interruption.Scope scope = Interruption.Begin(cancel.Token);
        Assert.ThrowsAny<OperationCanceledException>(() => NdJson.Parse(text, cancellation: CancellationToken.None));
    }

    private static string Listing(Frame frame) => string.Join("\n", frame.Columns.Select(column =>
        $"{column.Name}:{column.Type}:" + string.Join("|", Enumerable.Range(0, column.Count).Select(row => column[row] switch
        {
            null => "-",
            double number => $"{BitConverter.DoubleToInt64Bits(number):X}",
            var value => $"'{value}'",
        }))));

    private sealed class Listener(List<ReadProgress> told) : IProgress<ReadProgress>
    {
        public void Report(ReadProgress value)
        {
            lock (told)
            {
                told.Add(value);
            }
        }
    }
}
