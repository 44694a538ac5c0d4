using TensorCell.Interactive;
using TensorCell.Jupyter.Sessions;

namespace TensorCell.Jupyter.Tests;

/// <summary>Completion, inspection and completeness; <c>|</c> marks the cursor.</summary>
public sealed class SessionAssistantTests : IAsyncDisposable
{
    private readonly SessionHarness harness = new();

    public ValueTask DisposeAsync() => harness.DisposeAsync();

    [Theory]
    [InlineData("Console.Wri|", "WriteLine", 8, 11)]
    [InlineData("\"abc\".Sub|", "Substring", 6, 9)]
    [InlineData("count|", "counter", 0, 5)]
    [InlineData("int local = 1; loc|", "local", 15, 18)]
    [InlineData("numbers.Sel|", "Select", 8, 11)]
    [InlineData("numbers[0].Comp|", "CompareTo", 11, 15)]
    [InlineData("new Poi|", "Point", 4, 7)]
    [InlineData("new Point { |", "Label", 12, 12)]
    [InlineData("new Point { Label = \"\", Wei|", "Weight", 24, 27)]
    [InlineData("point.La|", "Label", 6, 8)]
    [InlineData("Twi|", "Twice", 0, 3)]
    [InlineData("System.Tex|", "Text", 7, 10)]
    [InlineData("using System.Ne|", "Net", 13, 15)]
    [InlineData("DayOfWeek.Mon|", "Monday", 10, 13)]
    [InlineData("forea|", "foreach", 0, 5)]
    [InlineData("for (int i = 0; i < 3; i++)\n{\n    numbers.Su|", "Sum", 42, 44)]
    [InlineData("numbers.Where(number => number.ToStr|", "ToString", 31, 36)]
    [InlineData("#!lsm|", "#!lsmagic", 0, 5)]
    [InlineData("#!lsmagic\nConsole.Wri|", "WriteLine", 18, 21)]
    [InlineData("disp|", "display", 0, 4)]
    public async Task Proposes(string code, string expected, int start, int end)
    {
        await Prepare();
        CompletionResult result = await Complete(code);
        Assert.Contains(expected, result.Items.Select(item => item.Text));
        Assert.Equal((start, end), (result.Start, result.End));
    }

    [Theory]
    [InlineData("\"Console.Wri|\"")]
    [InlineData("// Console.Wri|")]
    [InlineData("12|")]
    [InlineData("missing.|")]
    public async Task Proposes_nothing(string code) => Assert.Empty((await Complete(code)).Items);

    [Fact]
    public async Task Members_alone_follow_a_dot()
    {
        await Prepare();
        CompletionResult result = await Complete("point.|");
        string[] names = [.. result.Items.Select(item => item.Text)];
        Assert.Contains("Label", names);
        Assert.DoesNotContain("foreach", names);
        Assert.DoesNotContain("Console", names);
    }

    [Fact]
    public async Task Completes_while_a_cell_runs()
    {
        await Prepare();
        Task<CellOutcome> running = harness.Session.ExecuteAsync("while (true) { }", new SessionRecorder(), false, default);
        Assert.Contains("counter", (await Complete("cou|")).Items.Select(item => item.Text));
        harness.Session.Interrupt();
        await running;
    }

    [Theory]
    [InlineData("count|er", "int counter", "Value: 3")]
    [InlineData("Twi|ce(2)", "int Twice(int value)", "")]
    [InlineData("Math.Ab|s(1)", "Abs(double value)", "Returns the absolute value")]
    [InlineData("string.Join(|", "string.Join(char separator, params string?[] value)", "Concatenates")]
    [InlineData("Console.WriteLine(1, |)", "Console.WriteLine", "standard output stream")]
    [InlineData("new Po|int()", "Point", "")]
    [InlineData("point.Lab|el", "string Point.Label", "")]
    [InlineData("List<int> x|;", "List<int> x", "")]
    [InlineData("#!lsm|agic", "#!lsmagic", "Lists the magic")]
    public async Task Tells(string code, string signature, string more)
    {
        await Prepare();
        MimeBundle? bundle = await harness.Session.InspectAsync(
            code.Replace("|", "", StringComparison.Ordinal), code.IndexOf('|', StringComparison.Ordinal), 0, default);
        Assert.NotNull(bundle);
        Assert.Contains(signature, bundle.Data["text/plain"], StringComparison.Ordinal);
        Assert.Contains(more, bundle.Data["text/plain"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Has_nothing_to_tell_of_white_space() =>
        Assert.Null(await harness.Session.InspectAsync("  ", 1, 0, default));

    [Theory]
    [InlineData("1 + 1", "complete", "")]
    [InlineData("", "complete", "")]
    [InlineData("int x = 1;", "complete", "")]
    [InlineData("for (int i = 0; i < 3; i++)\n{", "incomplete", "    ")]
    [InlineData("void F()\n{\n    if (true)\n    {", "incomplete", "        ")]
    [InlineData("Math.Abs(", "incomplete", "    ")]
    [InlineData("int x = ;", "invalid", "")]
    [InlineData("#!lsmagic", "complete", "")]
    [InlineData("/* open", "incomplete", "")]
    public void Tells_what_is_complete(string code, string status, string indent) =>
        Assert.Equal(new Completeness(status, indent), harness.Session.IsComplete(code));

    private async Task Prepare() => await harness.Run(
        """
        using System.Globalization;
        int counter = 3;
        var numbers = new List<int> { 1, 2 };
        class Point { public string Label { get; set; } public double Weight; public int ReadOnly { get; } }
        var point = new Point();
        int Twice(int value) => value * 2;
        """);

    private Task<CompletionResult> Complete(string code) => harness.Session.CompleteAsync(
        code.Replace("|", "", StringComparison.Ordinal), code.IndexOf('|', StringComparison.Ordinal), default);
}
