using TensorCell.Interactive;
using TensorCell.Interactive.Magics;
using TensorCell.Jupyter.Sessions;

namespace TensorCell.Jupyter.Tests;

/// <summary>What magics ask of the session.</summary>
public sealed class SessionNotebookTests : IAsyncDisposable
{
    private static Func<INotebook, CellBody, Task>? test;

    private readonly MagicRegistry registry = new();
    private readonly NotebookSession session;

    public SessionNotebookTests()
    {
        registry.Add<ProbeMagic>();
        session = new NotebookSession(registry);
    }

    public ValueTask DisposeAsync() => session.DisposeAsync();

    [Fact]
    public async Task Prepared_code_runs_often_and_leaves_its_variables()
    {
        await Run("int kept = 1; int other = 2;");
        await Probe("kept += 1; var mine = kept * 10; (int a, other) = (7, 8); int.TryParse(\"5\", out var parsed); mine", async (notebook, body) =>
        {
            IPreparedCode code = await notebook.PrepareAsync(body.Text, body.FirstLine);
            Assert.Equal(["kept", "mine", "a", "other", "parsed"], code.AssignedVariables);
            for (int i = 0; i < 100; i++)
            {
                Assert.Equal((i + 2) * 10, await code.RunAsync());
            }

            Assert.Equal(1010, code.GetVariable("mine"));
            Assert.Equal(101, code.GetVariable("kept"));
            await code.DisposeAsync();
        });
        Assert.Equal("1010 101 7 8 5", (await Run("$\"{mine} {kept} {a} {other} {parsed}\"")).ValueText);
    }

    [Fact]
    public async Task Two_prepared_codes_both_leave_their_variables()
    {
        await Probe("var left = 1;", async (notebook, _) =>
        {
            IPreparedCode first = await notebook.PrepareAsync("var left = new List<int[]> { new[] { 1 } }; var late = await Task.FromResult(3);");
            IPreparedCode second = await notebook.PrepareAsync("var right = new { A = 5 }; var map = new Dictionary<string, (int, double)?>();");
            await first.RunAsync();
            await second.RunAsync();
            await first.DisposeAsync();
            await second.DisposeAsync();
        });
        Assert.Equal("1 3 0 True", (await Run("$\"{left[0][0]} {late} {map.Count} {right != null}\"")).ValueText);
    }

    [Fact]
    public async Task Sets_and_lists_variables()
    {
        await Run("int kept = 1; class Own { } var own = new Own[2];");
        await Probe("", (notebook, _) =>
        {
            notebook.SetVariable("text", "hello");
            notebook.SetVariable("text", "world");
            notebook.SetVariable("kept", 5);
            notebook.SetVariable("kept", 5.5);
            notebook.SetVariable("nothing", null, typeof(int?));
            notebook.SetVariable("copy", notebook.Variables.Single(variable => variable.Name == "own").Value);
            notebook.SetVariable("event", 1);
            return Task.CompletedTask;
        });
        Assert.Equal("world 5.5 True 2 1", (await Run("$\"{text} {kept} {nothing == null} {copy.Length} {@event}\"")).ValueText);
        NotebookVariable variable = session.Variables.Single(variable => variable.Name == "kept");
        Assert.Equal((typeof(double), 5.5), (variable.Type, variable.Value));
    }

    [Fact]
    public async Task Muted_code_prints_nothing_but_the_magic_does()
    {
        SessionRecorder output = await Probe("Console.Write(\"code\"); display(1); 2", async (notebook, body) =>
        {
            using (notebook.MuteOutput())
            {
                Assert.Equal(2, await notebook.EvaluateAsync(body.Text));
                notebook.Stream("stdout", "magic");
            }

            Assert.Equal(2, await notebook.EvaluateAsync(body.Text));
        });
        Assert.Equal("magiccode", output.Out);
        Assert.Single(output.Displays);
    }

    [Fact]
    public async Task Errors_in_a_body_name_lines_of_the_cell()
    {
        var output = new SessionRecorder();
        test = async (notebook, body) => await notebook.EvaluateAsync(body.Text, body.FirstLine);
        CellOutcome outcome = await session.ExecuteAsync("int a = 1;\n#!probe\n\nthrow new Exception(\"no\");", output, false, default);
        Assert.Contains("   at cell 1, line 4", outcome.Error!.Traceback);
        outcome = await session.ExecuteAsync("int b = 1;\n#!probe\n\nmissing", output, false, default);
        Assert.StartsWith("(4,1): error", outcome.Error!.Message, StringComparison.Ordinal);
    }

    private async Task<SessionRecorder> Probe(string code, Func<INotebook, CellBody, Task> probe)
    {
        test = probe;
        return await Run("#!probe\n" + code);
    }

    private async Task<SessionRecorder> Run(string code)
    {
        var output = new SessionRecorder();
        CellOutcome outcome = await session.ExecuteAsync(code, output, false, default);
        Assert.True(outcome.Succeeded, string.Join('\n', outcome.Error?.Traceback ?? []));
        return output;
    }

    [Magic("probe", "Runs what the test is about")]
    private sealed class ProbeMagic : BodyMagic
    {
        public override Task RunAsync(INotebook notebook, CellBody body) => test!(notebook, body);
    }
}
