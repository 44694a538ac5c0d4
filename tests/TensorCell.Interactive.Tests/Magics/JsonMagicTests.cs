using TensorCell.Data;
using TensorCell.Interactive.Magics;

namespace TensorCell.Interactive.Tests.Magics;

public sealed class JsonMagicTests : IDisposable
{
    private const string Lines =
        """
        {"id": 1, "user": {"name": "<b>Ada</b>", "age": 36}}
        {"id": 2, "user": {"name": "Alan", "age": null}}
        """;

    private readonly TestNotebook notebook = new();
    private readonly string path = Path.GetTempFileName();

    public void Dispose() => File.Delete(path);

    [Theory]
    [InlineData(Lines)]
    [InlineData("[{\"id\": 1, \"user\": {\"name\": \"<b>Ada</b>\", \"age\": 36}},\n {\"id\": 2, \"user\": {\"name\": \"Alan\"}}]")]
    public async Task A_file_becomes_a_variable_and_a_summary(string text)
    {
        await Run(text, "--name data");
        var frame = Assert.IsType<Frame>(notebook["data"]);
        Assert.Equal(["id", "user.name", "user.age"], frame.ColumnNames);
        Assert.Equal(1, frame["user.age"].MissingCount);
        var shown = (MimeBundle)Assert.Single(notebook.Displays)!;
        Assert.StartsWith("data: 2 rows x 3 columns", shown.Data["text/plain"], StringComparison.Ordinal);
        Assert.Matches(@"user\.age +i64 +1 +█ +36 +36 +36 +1", shown.Data["text/plain"]);
        Assert.Contains("&lt;b&gt;Ada", shown.Data["text/html"], StringComparison.Ordinal);
        Assert.DoesNotContain("<b>", shown.Data["text/html"], StringComparison.Ordinal);
        Assert.Contains("<img alt=\"distribution\" src=\"data:image/svg+xml;base64,", shown.Data["text/html"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Options_reach_the_reader()
    {
        await Run(Lines + "\n{\"id\": 3,}\n", "--name data --column user --type user.age=f64 --skip-bad-rows");
        var frame = (Frame)notebook["data"]!;
        Assert.Equal(["user.name", "user.age"], frame.ColumnNames);
        Assert.Equal(ColumnType.Float64, frame["user.age"].Type);
        Assert.Contains("line 3: found", notebook.LastText, StringComparison.Ordinal);
        Assert.Contains("skipped: ", ((MimeBundle)notebook.Displays[^1]!).Data["text/html"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--name 2x", "#!json --name 2x: not a variable's name")]
    [InlineData("--name x --column z", "the nearest is \"id\"")]
    [InlineData("--name x --type id=int", "the types are bool, i64, f32, f64, date, datetime, text")]
    [InlineData("--name x --type id=bool", "line 1, column \"id\": found \"1\"; expected true or false")]
    public async Task What_cannot_be_is_explained(string options, string message)
    {
        var error = await Assert.ThrowsAsync<MagicException>(() => Run(Lines, options));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.Empty(notebook.Variables);
    }

    [Fact]
    public async Task Interrupting_the_cell_ends_the_reading()
    {
        notebook.Interruption.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Run(Lines, "--name data"));
        Assert.Contains("interrupted", notebook.LastText, StringComparison.Ordinal);
    }

    private async Task Run(string text, string options)
    {
        await File.WriteAllTextAsync(path, text);
        var segments = CellSplitter.Split($"#!json \"{path}\" {options}", MagicRegistry.Default);
        await MagicRegistry.Default.RunAsync((MagicSegment)segments[0], notebook);
    }
}
