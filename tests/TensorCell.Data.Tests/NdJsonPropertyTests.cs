using System.Text;
using FsCheck;
using FsCheck.Fluent;
using TensorCell.Data.Parsing;
using TensorCell.Data.Parsing.Json;
using TensorCell.Kernels;

namespace TensorCell.Data.Tests;

[Collection(nameof(EngineSettings))]
public sealed class NdJsonPropertyTests : IDisposable
{
    private static readonly string[] keys = ["a", "b", "c", "user", "a.b", "", "é", "\\u0061", "k\\\"", "a-long-key-of-more-than-thirty-two-bytes-in-all"];

    private static readonly string[] scalars =
    [
        "0", "1", "-7", "12345678901234567", "99999999999999999999", "3.25", "-0", "-0.0", "1e5", "1E+2", "0.1e-3", "1e400", "-1e400", "1e-400",
        "0.30000000000000004", "123456.789012345678901", "true", "false", "null", "\"\"", "\"text\"", "\"é€😀\"", "\"2026-03-02\"",
        "\"2026-03-02T14:05:09Z\"", "\"2026-03-02T14:05:09\\u002B01:00\"", "\"2026-02-30\"", "\"5\"", "\"-1.5\"", "\"true\"", "\"a\\nb\\\\\\/\\\"\\b\\f\\r\\t\"",
        "\"\\u0041\\u00e9\\u20AC\\uD83D\\uDE00\"", "\"a string of more than thirty-two bytes, one \\\" escaped\"", "[]", "[1,2.5,\"x\"]", "[ 1 , {\"a\":[null]} ]", "{}",
    ];

    private static readonly string[] wrong =
    [
        "01", "-", "1.", ".5", "+1", "1e", "-.5", "-01", "1.e5", "0x1", "NaN", "Infinity", "tru", "nulll", "True", "\"open", "\"\\x\"", "\"\\u12\"",
        "\"\\uD800\"", "\"\\uDC00\"", "\"\\uD800\\u0041\"", "\"tab\t\"", "[1,]", "[1", "[1}", "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "{,}", "{a:1}", "{\"a\" 1}", "", "1 2",
        "[\"\\uD800\"]", "[01]", "'a'", "/* */ 1", "[1 2]", "{\"b\":1 \"c\":2}",
    ];

    private static readonly string[] pieces =
    [
        "{", "{", "}", "}", "[", "]", ":", ":", ",", ",", "\n", "\n", "\r\n", " ", "\t", "\"", "\\", "\"a\"", "\"b\"", "\"a\":", "\"b\":", "{\"a\":1}\n",
        "{\"a\":", "1", "-", "0", ".", "e", "2.5", "true", "null", "\"x\"", "\\u0041", "\\n", "é", "\0", "{\"a\":{\"b\":2}}\n", "{\"b\":\"x\",\"a\":[1]}\n", "{}\n",
    ];

    private readonly int threads = Workers.ThreadCount;

    public void Dispose() => Workers.ThreadCount = threads;

    [Fact]
    public void RowsOfAnyValuesReadAsThePlainReaderReadsThem() => Check(Texts(wrongPerMille: 0), 1000);

    [Fact]
    public void RowsWithMistakesReadAsThePlainReaderReadsThem() => Check(Texts(wrongPerMille: 60), 1000);

    [Fact]
    public void RowsOfOneShapeReadAsThePlainReaderReadsThem() => Check(
        from kinds in Gen.Elements(scalars).ListOf(4)
        from others in Gen.Elements(scalars).ListOf(3)
        from rows in Gen.Choose(0, 300)
        from spare in Gen.Choose(0, 400)
        select Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, rows).Select(row => string.Join(',', kinds.Select(
            (kind, column) => $"{(column == 0 ? "{" : "")}\"c{column}\":{(row == spare && column < 3 ? others[column] : kind)}")) + "}\n"))), 400);

    [Fact]
    public void AnyTextReadsAsThePlainReaderReadsIt() => Check(
        from parts in Gen.Elements(pieces).ListOf().Resize(80)
        select Encoding.UTF8.GetBytes(string.Concat(parts)), 1500);

    [Fact]
    public void ChangedBytesReadAsThePlainReaderReadsThem() => Check(Mutated(), 1000);

    [Fact]
    public void AnArrayReadsAsItsElementsOnALineEach() => Properties.Hold(
        from text in Texts(wrongPerMille: 0)
        from between in Gen.Elements(",", ",\n", "\n , ", "\t,\r\n  ")
        from chunk in Gen.Elements(1, 7, 64, 1000)
        select (text, between, chunk),
        drawn =>
        {
            string[] rows = [.. Encoding.UTF8.GetString(drawn.text).Split('\n').Select(line => line.Trim('\uFEFF', ' ', '\t', '\r'))
                .Where(line => line.StartsWith('{'))];
            NdJsonOptions options = new() { BadRows = BadRows.Skip };
            Assert.Equal(
                Outcome(Encoding.UTF8.GetBytes(string.Join('\n', rows)), options, drawn.chunk),
                Outcome(Encoding.UTF8.GetBytes($" [{string.Join(drawn.between, rows)}\n]\n"), options, drawn.chunk));
        });

    [Fact]
    [Trait("Category", "Long")]
    public void AnyRowsForLong() => Check(Gen.OneOf(Texts(0), Texts(20), Mutated()), 60_000);

    /// <summary>Lines of objects, some of them nested; of a thousand values so many are not JSON.</summary>
    private static Gen<byte[]> Texts(int wrongPerMille)
    {
        Gen<string> leaf = Gen.Frequency(
            (1000 - wrongPerMille, Gen.Elements(scalars)), (wrongPerMille, Gen.Elements(wrong)));
        Gen<string> blank = Gen.Frequency((12, Gen.Constant("")), (1, Gen.Elements(" ", "\t", "\r", "  ")));
        Gen<string> small = Object(leaf, blank);
        Gen<string> row = Object(Gen.Frequency((5, leaf), (1, small)), blank);
        Gen<string> line = Gen.Frequency((40, row), (1, blank), (wrongPerMille / 10, Gen.Elements("[1]", "5", "{} {}", "null", "{\"a\":1}}", "\"x\"")));
        return from lines in line.ListOf().Resize(40)
               from end in Gen.Elements("\n", "\n", "\n", "\r\n", " \n")
               from mark in Gen.Frequency((9, Gen.Constant("")), (1, Gen.Constant("\uFEFF")))
               from hasLast in Gen.Elements(true, false)
               select Encoding.UTF8.GetBytes(mark + string.Join(end, lines) + (hasLast ? end : ""));
    }

    private static Gen<byte[]> Mutated() =>
        from text in Texts(0)
        from places in Gen.Choose(0, 1_000_000).Two().ListOf().Resize(4)
        select Mutate(text, places);

    private static byte[] Mutate(byte[] text, IEnumerable<(int Place, int Value)> changes)
    {
        foreach ((int place, int value) in changes)
        {
            if (text.Length > 0)
            {
                int at = place % text.Length;
                text = (value % 3) switch
                {
                    0 => [.. text[..at], .. text[(at + 1)..]],
                    1 => [.. text[..at], (byte)(value / 3), .. text[at..]],
                    _ => [.. text[..at], (byte)(value / 3), .. text[(at + 1)..]],
                };
            }
        }

        return text;
    }

    private static Gen<string> Object(Gen<string> value, Gen<string> blank) =>
        from names in Gen.Elements(keys).ListOf().Resize(6)
        from values in value.ListOf(names.Count)
        from before in blank.ListOf(names.Count)
        from after in blank.ListOf(names.Count)
        select "{" + string.Join(",", names.Select((name, index) => $"{before[index]}\"{name}\":{after[index]}{values[index]}{before[index]}")) + "}";

    private static void Check(Gen<byte[]> texts, int count) => Properties.Hold(
        from text in texts
        from chunk in Gen.Elements(1, 2, 3, 7, 16, 63, 64, 65, 100, 1000, NdJsonReader.DefaultChunkBytes)
        from threadCount in Gen.Choose(1, 4)
        from options in Gen.Elements(
            new NdJsonOptions(),
            new NdJsonOptions { BadRows = BadRows.Skip },
            new NdJsonOptions { BadRows = BadRows.Skip, Columns = ["user", "a"] },
            new NdJsonOptions
            {
                BadRows = BadRows.Skip,
                Schema = new Dictionary<string, ColumnType> { ["a"] = ColumnType.Text, ["b"] = ColumnType.Float64, ["c"] = ColumnType.Int64, ["none"] = ColumnType.Date },
            },
            new NdJsonOptions { Schema = new Dictionary<string, ColumnType> { ["b"] = ColumnType.Float32, ["user"] = ColumnType.Boolean, ["c"] = ColumnType.DateTime } })
        select (text, chunk, threadCount, options),
        drawn =>
        {
            if (Encoding.Latin1.GetString(drawn.text).TrimStart('\xEF', '\xBB', '\xBF', ' ', '\t', '\r', '\n').StartsWith('['))
            {
                return; // an array of objects, which is read as one
            }

            Workers.ThreadCount = drawn.threadCount;
            string expected = ReferenceNdJson.Outcome(drawn.text, drawn.options);
            string found = Outcome(drawn.text, drawn.options, drawn.chunk);
            if (drawn.options.Columns is null || found != "error")
            {
                Assert.True(expected == found, $"{Encoding.Latin1.GetString(drawn.text)}\n--- expected\n{expected}\n--- found\n{found}");
            }
        },
        count);

    private static string Outcome(byte[] text, NdJsonOptions options, int chunkBytes)
    {
        try
        {
            MemorySource source = new(text, "text") { Format = SourceFormat.NdJson };
            return ReferenceNdJson.Listing(NdJsonReader.Read(source, options, null, TestContext.Current.CancellationToken, chunkBytes));
        }
        catch (NdJsonException exception)
        {
            return exception.Line == 0 ? "error" : $"error {exception.Line} {exception.Column}";
        }
    }
}
