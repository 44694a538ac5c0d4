using System.Text;
using FsCheck;
using FsCheck.Fluent;
using TensorCell.Data.Parsing;
using TensorCell.Kernels;
using TensorCell.Kernels.Simd;

namespace TensorCell.Data.Tests;

[Collection(nameof(EngineSettings))]
public sealed class CsvPropertyTests : IDisposable
{
    private static readonly string[] pieces =
    [
        ",", ",", ",", ",", "\n", "\n", "\n", "\r\n", "\r", "\"", "\"\"", "\",\"", "\"\n", ",\"", "#", " ", "\t", "a", "b,c", "é", "NA", "nan",
        "0", "1", "-7", "12345678901234567", "99999999999999999999", "3.25", "-0", "1e5", ".5", "5.", "1e400", "inf", "true", "False",
        "2026-03-02", "2026-03-02T14:05", "2026-03-02 14:05:09", "2026-03-02T14:05:09Z", "2026-02-30", "x\"y", "-", "+3",
    ];

    private readonly int bits = VectorWidth.Bits;
    private readonly int threads = Workers.ThreadCount;

    public void Dispose()
    {
        VectorWidth.Bits = bits;
        Workers.ThreadCount = threads;
    }

    [Fact]
    public void AnyTextReadsAsThePlainReaderReadsItHoweverItIsCut() => Check(
        from parts in Gen.Elements(pieces).ListOf().Resize(120)
        select Encoding.UTF8.GetBytes(string.Concat(parts)), 1500);

    [Fact]
    public void RowsOfAnyFieldsReadAsThePlainReaderReadsThem() => Check(
        from columns in Gen.Choose(1, 6)
        from end in Gen.Elements("\n", "\r\n", "\r")
        from fields in Gen.Elements(
            "1", "-25", "3.5", "", "\"a,b\"", "\"x\"\"y\"", "\"line\nbreak\"", "text", "true", "2026-03-02", "\"\"", " 8 ", "\"9\"", "NA", "q\"uote")
            .ListOf(columns * 40)
        from kinds in Gen.Choose(1, 15).ListOf(columns)
        select Encoding.UTF8.GetBytes(Table(columns, end, fields)), 300);

    [Fact]
    public void RandomBytesEndInAFrameOrACsvException() => Check(
        from bytes in Gen.Choose(0, 255).Select(value => (byte)value).ArrayOf().Resize(400) select bytes, 500);

    [Fact]
    [Trait("Category", "Long")]
    public void AnyTextForLong() => Check(
        from parts in Gen.Elements(pieces).ListOf().Resize(400)
        select Encoding.UTF8.GetBytes(string.Concat(parts)), 60_000);

    private static string Table(int columns, string end, IList<string> fields)
    {
        StringBuilder text = new(string.Join(',', Enumerable.Range(0, columns).Select(column => $"c{column}")) + end);
        for (int row = 0; row + columns <= fields.Count; row += columns)
        {
            text.Append(string.Join(',', fields.Skip(row).Take(columns))).Append(end);
        }

        return text.ToString();
    }

    private static void Check(Gen<byte[]> texts, int count) => Properties.Hold(
        from text in texts
        from chunk in Gen.Elements(1, 2, 3, 7, 16, 63, 64, 65, 100, 1000, CsvReader.DefaultChunkBytes)
        from width in Gen.Elements(128, 256, 512)
        from threadCount in Gen.Choose(1, 4)
        from options in Gen.Elements(
            new CsvOptions { Separator = ',' },
            new CsvOptions { Separator = ',', BadRows = BadRows.Skip },
            new CsvOptions { Separator = ',', BadRows = BadRows.Skip, Comment = '#' },
            new CsvOptions { Separator = ',', BadRows = BadRows.Skip, Header = CsvHeader.Absent },
            new CsvOptions { Separator = ',', BadRows = BadRows.Skip, Quote = null },
            new CsvOptions { Separator = 'a', BadRows = BadRows.Skip, Quote = '"', Missing = ["1", "NA"] })
        select (text, chunk, width, threadCount, options),
        drawn =>
        {
            VectorWidth.Bits = drawn.width;
            Workers.ThreadCount = drawn.threadCount;
            Assert.Equal(ReferenceCsv.Outcome(drawn.text, drawn.options), Outcome(drawn.text, drawn.options, drawn.chunk));
        },
        count);

    private static string Outcome(byte[] text, CsvOptions options, int chunkBytes)
    {
        try
        {
            return ReferenceCsv.Listing(
                new CsvReader(new MemorySource(text, "text"), options, null, TestContext.Current.CancellationToken, chunkBytes).Read());
        }
        catch (CsvException exception)
        {
            return exception.Line == 0 ? "error" : $"error {exception.Line} {exception.Column}";
        }
    }
}
