using TensorCell.Data;
using TensorCell.Interactive.Magics;

namespace TensorCell.Interactive.Tests.Magics;

public sealed class CsvMagicTests : IDisposable
{
    private readonly TestNotebook notebook = new();
    private readonly string path = Path.GetTempFileName();

    public void Dispose() => File.Delete(path);

    [Fact]
    public async Task A_file_becomes_a_variable_and_a_summary()
    {
        await Run("a;<b>\n1;x\n2;\n", "--name data --missing x");
        var frame = Assert.IsType<Frame>(notebook["data"]);
        Assert.Equal(2, frame["<b>"].MissingCount);
        var shown = (MimeBundle)notebook.Displays[^1]!;
        Assert.Single(notebook.Displays);
        Assert.StartsWith("data: 2 rows x 2 columns", shown.Data["text/plain"], StringComparison.Ordinal);
        Assert.Contains("&lt;b&gt;", shown.Data["text/html"], StringComparison.Ordinal);
        Assert.DoesNotContain("<b>", shown.Data["text/html"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Options_reach_the_reader()
    {
        await Run("# note\n1\t2\n3\n5\t6\n", "--name data --separator tab --header absent --comment # --skip-bad-rows --column column_2");
        var frame = Assert.IsType<Frame>(notebook["data"]);
        Assert.Equal([2, 6], frame["column_2"].ToArray<int>());
        Assert.Equal(1, frame.ColumnCount);
        Assert.Contains("line 3: found 1 field; expected 2", notebook.LastText, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_bad_row_is_an_error_that_names_its_line()
    {
        var error = await Assert.ThrowsAsync<MagicException>(() => Run("a,b\n1,2\n3\n", "--name data"));
        Assert.Contains($"{path}, line 3: found 1 field; expected 2", error.Message, StringComparison.Ordinal);
        Assert.Empty(notebook.Variables);
    }

    [Theory]
    [InlineData("--name 2x", "not a variable's name")]
    [InlineData("--name x --separator ::", "one character")]
    [InlineData("--name x --column z", "the nearest is \"a\"")]
    public async Task What_cannot_be_is_explained(string options, string message) => Assert.Contains(
        message, (await Assert.ThrowsAsync<MagicException>(() => Run("a,b\n1,2\n", options))).Message, StringComparison.Ordinal);

    [Fact]
    public async Task Interrupting_the_cell_ends_the_reading()
    {
        notebook.Interruption.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Run("a\n1\n", "--name data"));
        Assert.Contains("interrupted", notebook.LastText, StringComparison.Ordinal);
    }

    private async Task Run(string text, string options)
    {
        await File.WriteAllTextAsync(path, text);
        var segments = CellSplitter.Split($"#!csv \"{path}\" {options}", MagicRegistry.Default);
        await MagicRegistry.Default.RunAsync((MagicSegment)segments[0], notebook);
    }
}
