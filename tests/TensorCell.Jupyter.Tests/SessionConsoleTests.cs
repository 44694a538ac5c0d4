using TensorCell.Jupyter.Sessions;

namespace TensorCell.Jupyter.Tests;

/// <summary>Output and input of cells; alone, since a cell here sets the process's console anew.</summary>
[Collection(nameof(SessionConsoleTests))]
[CollectionDefinition(nameof(SessionConsoleTests), DisableParallelization = true)]
public sealed class SessionConsoleTests : IAsyncDisposable
{
    private readonly SessionHarness harness = new();

    public ValueTask DisposeAsync() => harness.DisposeAsync();

    [Fact]
    public async Task Streams_as_it_happens()
    {
        var output = new SessionRecorder();
        Task<CellOutcome> running = harness.Session.ExecuteAsync(
            "Console.Write(\"early\"); Console.Error.WriteLine(\"oops\"); System.Threading.Thread.Sleep(-1);", output, false, default);
        while (output.Out != "early" || output.Error != "oops\n")
        {
            Assert.False(running.IsCompleted);
            await Task.Delay(5);
        }

        harness.Session.Interrupt();
        await running;
    }

    [Fact]
    public async Task Keeps_the_order_of_text_and_displays()
    {
        var order = new OrderRecorder();
        await harness.Session.ExecuteAsync(
            "Console.Write(1); display(2); Console.Write(3); Console.Write(4); var d = display(5); d.Update(6); Console.Write(7); 8",
            order, false, default);
        Assert.Equal("1 [2] 34 [5] u[6] 7 =8", string.Join(' ', order.Events));
    }

    [Fact]
    public async Task Background_work_writes_to_the_cell_that_began_it()
    {
        var first = new SessionRecorder();
        await harness.Session.ExecuteAsync(
            "var gate = new TaskCompletionSource(); _ = Task.Run(async () => { await gate.Task; Console.Write(\"late\"); });", first, false, default);
        SessionRecorder second = await harness.Run("gate.SetResult(); await Task.Delay(100);");
        Wait.Until(() => first.Out.Length > 0);
        Assert.Equal("late", first.Out);
        Assert.Equal("", second.Out);
    }

    [Fact]
    public async Task Reads_lines_and_characters()
    {
        var answers = new Queue<string>(["Ada", "xy", "42", "secret"]);
        var output = new SessionRecorder { Answer = prompt => prompt + answers.Dequeue() };
        CellOutcome outcome = await harness.Session.ExecuteAsync(
            "var name = Console.ReadLine(); var c = (char)Console.Read(); var rest = Console.ReadLine();"
            + "var n = int.Parse(Console.ReadLine()); var p = Password(\"? \"); $\"{name} {c} {rest} {n} {p}\"",
            output, false, default);
        Assert.True(outcome.Succeeded, outcome.Error?.Message);
        Assert.Equal("Ada x y 42 ? secret", output.ValueText);
    }

    [Fact]
    public async Task A_client_that_cannot_ask_is_an_error() =>
        Assert.Equal("InvalidOperationException", (await harness.Fail("Console.ReadLine()")).Name);

    [Fact]
    public async Task Input_is_asked_for_after_a_cell_set_the_console_anew()
    {
        await harness.Run("Console.InputEncoding = System.Text.Encoding.UTF8; Console.SetIn(new System.IO.StringReader(\"\"));");
        var output = new SessionRecorder { Answer = _ => "Ada" };
        Assert.True((await harness.Session.ExecuteAsync("Console.ReadLine()", output, false, default)).Succeeded);
        Assert.Equal("Ada", output.ValueText);
    }

    [Fact]
    public async Task Waiting_for_input_is_interruptible()
    {
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var output = new SessionRecorder { Answer = _ => { asked.SetResult(); Thread.Sleep(1500); return ""; } };
        Task<CellOutcome> running = harness.Session.ExecuteAsync("Console.ReadLine()", output, false, default);
        await Task.WhenAny(asked.Task, running).WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
        harness.Session.Interrupt();
        Assert.Equal("Interrupted", (await running).Error?.Name);
    }

    [Fact]
    public async Task Much_output_arrives_whole()
    {
        SessionRecorder output = await harness.Run("for (int i = 0; i < 200_000; i++) Console.WriteLine(i);");
        Assert.Equal(200_000, output.Out.Count(character => character == '\n'));
        Assert.EndsWith("199999\n", output.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_display_can_be_updated_by_a_later_cell()
    {
        SessionRecorder shown = await harness.Run("var handle = display(\"before\"); HTML(\"<b>x</b>\").Display();");
        SessionRecorder updated = await harness.Run("handle.Update(\"after\");");
        Assert.True(shown.Displays.TryDequeue(out var first));
        Assert.Equal("before", first.Bundle.Data["text/plain"]);
        Assert.Equal("<b>x</b>", Assert.Single(shown.Displays).Bundle.Data["text/html"]);
        var update = Assert.Single(updated.Updates);
        Assert.Equal(first.Id, update.Id);
        Assert.Equal("after", update.Bundle.Data["text/plain"]);
    }

    [Fact]
    public async Task Silent_cells_show_no_value()
    {
        var output = new SessionRecorder();
        Assert.True((await harness.Session.ExecuteAsync("Console.Write(1); 2", output, true, default)).Succeeded);
        Assert.Equal("1", output.Out);
        Assert.Null(output.Value);
    }

    [Fact]
    public async Task An_output_that_fails_is_told_to_the_host()
    {
        await Assert.ThrowsAsync<IOException>(
            () => harness.Session.ExecuteAsync("Console.Write(1);", new BrokenOutput(), false, default));
        Assert.Equal("2", (await harness.Run("2")).ValueText);
    }

    private sealed class OrderRecorder : ICellOutput
    {
        public List<string> Events { get; } = [];

        public void Stream(string name, string text) => Events.Add(text);

        public void Display(Interactive.MimeBundle bundle, string? displayId) => Events.Add($"[{bundle.Data["text/plain"]}]");

        public void UpdateDisplay(Interactive.MimeBundle bundle, string displayId) => Events.Add($"u[{bundle.Data["text/plain"]}]");

        public void Result(Interactive.MimeBundle bundle) => Events.Add($"={bundle.Data["text/plain"]}");

        public void Clear(bool wait) => Events.Clear();

        public string ReadInput(string prompt, bool isPassword, CancellationToken cancellation) => "";
    }

    private sealed class BrokenOutput : ICellOutput
    {
        public void Stream(string name, string text) => throw new ObjectDisposedException("socket");

        public void Display(Interactive.MimeBundle bundle, string? displayId) => throw new ObjectDisposedException("socket");

        public void UpdateDisplay(Interactive.MimeBundle bundle, string displayId) => throw new ObjectDisposedException("socket");

        public void Result(Interactive.MimeBundle bundle) => throw new ObjectDisposedException("socket");

        public void Clear(bool wait) => throw new ObjectDisposedException("socket");

        public string ReadInput(string prompt, bool isPassword, CancellationToken cancellation) => throw new ObjectDisposedException("socket");
    }
}
