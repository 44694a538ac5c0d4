using TensorCell.Notebooks;

namespace TensorCell.Data.Tests;

public sealed class MachineReadingsTests
{
    private static readonly string path = Path.Combine(AppContext.BaseDirectory, "machines.csv");

    [Fact]
    public void TheShippedFileIsWhatTheGeneratorMakes() => Assert.Equal(MachineReadings.Lines(), File.ReadLines(path));

    [Fact]
    public void TheShippedFileReadsIntoTypedColumns()
    {
        Frame frame = Csv.Read(path);
        Assert.Equal(24_000, frame.RowCount);
        Assert.Equal(ColumnType.DateTime, frame["time"].Type);
        Assert.Equal(12, frame.Text("machine").Categories.Count);
        Assert.Equal(["bearing", "healthy", "imbalance", "misalignment"], frame.Text("state").Categories.Order(StringComparer.Ordinal));
        Assert.True(frame["temperature_c"].MissingCount > 0);
        Assert.Equal("[24000, 8]", frame.ToTensor().Shape.ToString());
    }
}
