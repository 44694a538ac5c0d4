using FsCheck;
using FsCheck.Fluent;
using TensorCell.Kernels;

namespace TensorCell.Data.Tests;

public sealed class FrameTests
{
    private static Frame Sample => new(
        Column.From("x", new[] { 1.5, 2.5, 4.0 }),
        Column.From<long>("n", new long?[] { 1, null, 3 }),
        Column.From("kind", new[] { "a", "b", "a" }),
        Column.From("on", new[] { true, false, true }));

    [Fact]
    public void ColumnsAreFoundByNameAndPlace()
    {
        Assert.Equal(ColumnType.Float64, Sample["x"].Type);
        Assert.Same(Sample.Columns[0].Name, Sample[0].Name);
        ArgumentException error = Assert.Throws<ArgumentException>(() => Sample["knd"]);
        Assert.Contains("did you mean \"kind\"?", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void RowsAreSelected()
    {
        Assert.Equal(["a", "a"], Sample.Where([true, false, true])["kind"].ToArray<string>());
        Assert.Equal([2.5, 4.0], Sample.Where(row => row.Number("x") > 2)["x"].ToArray<double>());
        Assert.Equal([4.0, 1.5, 4.0], Sample.Take(2, 0, 2)["x"].ToArray<double>());
        Assert.Equal([2.5, 4.0], Sample[1..]["x"].ToArray<double>());
        Assert.Equal(2, Sample.DropMissing().RowCount);
        Assert.True(Sample[1..2]["n"].IsMissing(0));
        Assert.Throws<ArgumentException>(() => Sample.Where([true]));
    }

    [Fact]
    public void ColumnsAreSelectedAddedAndReplaced()
    {
        Assert.Equal(["kind", "x"], Sample.Select("kind", "x").ColumnNames);
        Assert.Equal(["x", "on"], Sample.Without("n", "kind").ColumnNames);
        Frame changed = Sample.With(Column.From("x", new[] { 7, 8, 9 })).With(Sample["x"].Rename("old"));
        Assert.Equal(["x", "n", "kind", "on", "old"], changed.ColumnNames);
        Assert.Equal([7L, 8, 9], changed["x"].AsSpan<long>().ToArray());
        Assert.Throws<ArgumentException>(() => Sample.With(Column.From("short", new[] { 1.0 })));
        Assert.Throws<ArgumentException>(() => new Frame(Sample["x"], Sample["x"]));
    }

    [Fact]
    public void ValuesConvertToArraysWhereThatMeansSomething()
    {
        Assert.Equal([1, float.NaN, 3], Sample["n"].ToArray<float>());
        Assert.Equal<IEnumerable<string?>>(["1", null, "3"], Sample["n"].ToArray<string?>());
        Assert.Equal([1, 0, 1], Sample["on"].ToArray<int>());
        Assert.Throws<InvalidOperationException>(() => Sample["n"].ToArray<long>());
        Assert.Throws<InvalidOperationException>(() => Sample["kind"].ToArray<double>());
        Assert.Throws<InvalidOperationException>(() => Sample["x"].AsSpan<float>().Length);
        Assert.Throws<OverflowException>(() => Column.From("big", new[] { 1L << 40 }).ToArray<int>());
    }

    [Fact]
    public void TextIsACategory()
    {
        TextColumn kind = Sample.Text("kind");
        Assert.Equal(["a", "b"], kind.Categories);
        Assert.Equal([0, 1, 0], kind.Codes.ToArray());
        Assert.Equal("b", kind[1]);
        Assert.Throws<ArgumentException>(() => Sample.Text("x"));
    }

    [Fact]
    public void ColumnsBecomeTensors()
    {
        var matrix = Sample.ToTensor("x", "n", "on");
        Assert.Equal("[3, 3]", matrix.Shape.ToString());
        Assert.Equal(DType.Float32, matrix.DType);
        Assert.Equal([1.5f, 1, 1, 2.5f, float.NaN, 0, 4, 3, 1], matrix.ToArray<float>());
        Assert.Equal("[3, 2]", Sample.ToTensor().Shape.ToString());
        Assert.Equal([1.5, 2.5, 4], Sample["x"].ToTensor(DType.Float64).ToArray<double>());
        Assert.Equal(DType.Float32, Sample["x"].ToTensor().DType);
        Assert.Contains("Codes", Assert.Throws<InvalidOperationException>(() => Sample.ToTensor("kind")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void WritingToATensorLeavesTheFrame()
    {
        Frame frame = Sample;
        frame["x"].ToTensor(DType.Float64).ToArray<double>()[0] = 99;
        frame["x"].ToTensor(DType.Float64)[0..1].ToArray<double>()[0] = 99;
        Assert.Equal(1.5, frame["x"][0]);
    }

    [Fact]
    public void DescribeTellsWhatPandasTells()
    {
        Frame summary = Sample.Describe();
        Assert.Equal(["x", "n", "on"], summary["column"].ToArray<string>());
        FrameRow x = summary.Rows[0];
        Assert.Equal(8.0 / 3, x.Number("mean"), 12);
        Assert.Equal(Math.Sqrt(((1.5 - (8.0 / 3)) * (1.5 - (8.0 / 3)) + (2.5 - (8.0 / 3)) * (2.5 - (8.0 / 3)) + (4 - (8.0 / 3)) * (4 - (8.0 / 3))) / 2), x.Number("std"), 12);
        Assert.Equal([1.5, 2, 2.5, 3.25, 4], new[] { "min", "25%", "50%", "75%", "max" }.Select(x.Number));
        Assert.Equal(1.0, summary.Rows[1].Number("missing"));
    }

    [Fact]
    public void AFramePrintsAsATable() => Assert.Equal(
        """
        Frame: 3 rows x 4 columns
          x    n  kind  on
        f64  i64  text  bool
        1.5    1  a     true
        2.5    -  b     false
          4    3  a     true
        """, Sample.ToString());

    [Fact]
    public void WhatIsWrittenReadsBackBitForBit() => Properties.Hold(
        from rows in Gen.Choose(0, 30)
        from numbers in Bits().ListOf(rows)
        from singles in Bits().ListOf(rows)
        from integers in Bits().ListOf(rows)
        from texts in Gen.Elements<string?>(null, "", " ", "NA", "a,b", "say \"hi\"", "line\r\nend", "é€😀", "1", "#", "\t").ListOf(rows)
        from days in Gen.Choose(0, 3_652_058).ListOf(rows)
        from ticks in Bits().ListOf(rows)
        select new Frame(
            Column.From("f64", numbers.Select(Finite).ToArray()),
            Column.From<float>("f32", singles.Select(bits => bits % 5 == 0 ? (float?)null : (float)bits)),
            Column.From<long>("i64", integers.Select(bits => bits % 7 == 0 ? (long?)null : bits)),
            Column.From("text, \"quoted\"", texts),
            Column.From("day", days.Select(DateOnly.FromDayNumber).ToArray()),
            Column.From("moment", ticks.Select(bits => new DateTime((long)((ulong)bits % (ulong)DateTime.MaxValue.Ticks), (DateTimeKind)((uint)bits % 2))).ToArray()),
            Column.From("flag", ticks.Select(bits => bits < 0).ToArray())),
        frame =>
        {
            CsvOptions options = new() { Schema = frame.Columns.ToDictionary(column => column.Name, column => column.Type), Separator = ';' };
            Frame read = Csv.Parse(Csv.ToText(frame, ';'), options);
            Assert.Equal(frame.RowCount, read.RowCount);
            foreach (Column column in frame.Columns)
            {
                Assert.Equal(Enumerable.Range(0, frame.RowCount).Select(row => column[row]), Enumerable.Range(0, frame.RowCount).Select(row => read[column.Name][row]));
            }
        }, 200);

    [Fact]
    public void ALoneMissingValueReadsBackAsARow()
    {
        Frame frame = new(Column.From<double>("x", new double?[] { 1, null, 3 }));
        Assert.Equal([1, double.NaN, 3], Csv.Parse(Csv.ToText(frame))["x"].ToArray<double>());
    }

    private static Gen<long> Bits() =>
        from high in Gen.Choose(int.MinValue, int.MaxValue)
        from low in Gen.Choose(int.MinValue, int.MaxValue)
        select ((long)high << 32) | (uint)low;

    private static double Finite(long bits) => BitConverter.Int64BitsToDouble(bits) is double number && double.IsFinite(number) ? number : bits;
}
