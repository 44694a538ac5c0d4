using TensorCell.Jupyter.Sessions;

namespace TensorCell.Jupyter.Tests;

/// <summary>The magics that run or show something once, in a real session.</summary>
public sealed class MagicCellTests : IAsyncDisposable
{
    private readonly SessionHarness harness = new();

    public ValueTask DisposeAsync() => harness.DisposeAsync();

    private static string Shown(SessionRecorder output) => output.Displays.Last().Bundle.Data["text/plain"];

    [Fact]
    public async Task Time_shows_the_value_and_what_it_took()
    {
        var output = await harness.Run("#!time\nvar kept = Enumerable.Range(1, 1000).Sum();\nkept");
        Assert.Equal("500500", output.Displays.First().Bundle.Data["text/plain"].Replace(",", ""));
        Assert.Matches(@"^wall .*s, processor .*s.*, allocated .*B, .*garbage collection", Shown(output));
        Assert.Equal("500500", (await harness.Run("kept")).ValueText!.Replace(",", ""));
    }

    [Fact]
    public async Task What_is_displayed_below_a_magic_is_shown_once()
    {
        var output = await harness.Run("#!time\ndisplay(12)");
        Assert.Equal("12", output.Displays.First().Bundle.Data["text/plain"]);
        Assert.Equal(2, output.Displays.Count());
        output = await harness.Run("#!time\n#!csharp\ndisplay(13)");
        Assert.Equal("13", output.Displays.First().Bundle.Data["text/plain"]);
        Assert.Equal(2, output.Displays.Count());
    }

    [Fact]
    public async Task Time_times_other_languages_and_magics_too()
    {
        var output = await harness.Run("#!time\n#!markdown\n# Title\n#!csharp\n1 + 1");
        Assert.Equal("# Title", output.Displays.First().Bundle.Data["text/markdown"]);
        Assert.Equal("2", output.Displays.ElementAt(1).Bundle.Data["text/plain"]);
        Assert.StartsWith("wall", Shown(output));
    }

    [Fact]
    public async Task Time_computes_what_the_cell_only_promised()
    {
        await harness.Run("using TensorCell.Tensors;\n#!time\nvar t = Tensor.Arange(10) * 2f;");
        Assert.Equal("False", (await harness.Run("t.IsPending.ToString()")).ValueText);
    }

    [Fact]
    public async Task An_error_below_a_magic_names_the_line_of_the_cell()
    {
        var error = await harness.Fail("#!time\n\nint i = \"text\";");
        Assert.Equal("CompilationError", error.Name);
        Assert.StartsWith("(3,9)", error.Message);
        error = await harness.Fail("\n#!bench\n\nundefined + 1");
        Assert.StartsWith("(4,1)", error.Message);
        error = await harness.Fail("#!time\n#!bench\nundefined + 1");
        Assert.StartsWith("(3,1)", error.Message);
    }

    [Fact]
    public async Task Variables_are_listed_with_shape_and_size()
    {
        await harness.Run("using TensorCell.Tensors;\nint n = 3; var text = \"<b>\"; var grid = new float[2, 5]; var x = Tensor.Zeros((4, 2)); string nothing = null;");
        await harness.Run("using TensorCell.Data;\nvar table = Csv.Parse(\"speed,load\\n1,2\\n3,4\\n5,6\\n\"); var load = table[\"load\"];");
        var output = await harness.Run("#!whos");
        var lines = Shown(output).Split('\n');
        Assert.Matches(@"^name +type +shape +value +bytes$", lines[0]);
        Assert.Contains(lines, line => System.Text.RegularExpressions.Regex.IsMatch(line, @"^n +int +3 +4 B$"));
        Assert.Contains(lines, line => System.Text.RegularExpressions.Regex.IsMatch(line, @"^grid +float\[,\] +\[2, 5\] +40 B$"));
        Assert.Contains(lines, line => System.Text.RegularExpressions.Regex.IsMatch(line, @"^x +Tensor +\[4, 2\] +f32.* 32 B$"));
        Assert.Contains(lines, line => System.Text.RegularExpressions.Regex.IsMatch(line, @"^nothing +string +null$"));
        Assert.Contains(lines, line => System.Text.RegularExpressions.Regex.IsMatch(line, @"^table +Frame +\[3, 2\] +speed, load +48 B$"));
        Assert.Contains(lines, line => System.Text.RegularExpressions.Regex.IsMatch(line, @"^load +ValueColumn<long> +\[3\] +i64 +24 B$"));
        var html = output.Displays.Last().Bundle.Data["text/html"];
        Assert.Contains("&lt;b&gt;", html);
        Assert.DoesNotContain("<b>", html);
        Assert.Contains("did you mean grid", (await harness.Fail("#!whos gird")).Message);
        Assert.DoesNotContain("grid", Shown(await harness.Run("#!whos n")));
    }

    [Fact]
    public async Task Json_becomes_a_frame_that_batches_are_loaded_from()
    {
        var path = Path.GetTempFileName();
        try
        {
            await File.WriteAllLinesAsync(path, Enumerable.Range(0, 100).Select(row => $"{{\"at\":{{\"x\":{row},\"y\":{row}.5}},\"kind\":\"{(row % 2 == 0 ? "even" : "odd")}\"}}"));
            var output = await harness.Run($"#!json \"{path}\" --name rows");
            var result = output.Updates.Last().Bundle.Data;
            Assert.StartsWith("rows: 100 rows x 3 columns", result["text/plain"]);
            Assert.Contains("even 50 %, odd 50 %", result["text/html"]);
            Assert.Equal(
                "32 [32, 2] even",
                (await harness.Run(
                    "using TensorCell.Data;\nvar loader = rows.Loader([\"at.x\", \"at.y\"], \"kind\", 32);\nstring text = \"\";\n"
                    + "await foreach (var batch in loader) { if (batch.Index == 0) text = $\"{batch.Count} {batch.Inputs.Shape} {loader.Classes[0]}\"; }\ntext")).ValueText);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public async Task Text_magics_show_their_text()
    {
        var output = await harness.Run("#!html\n<i>a</i>\n#!markdown\n**b**\n#!javascript\nvar c = 1;\n#!csharp\n4 + 4");
        Assert.Equal("<i>a</i>", output.Displays.ElementAt(0).Bundle.Data["text/html"]);
        Assert.Equal("**b**", output.Displays.ElementAt(1).Bundle.Data["text/markdown"]);
        Assert.Equal("var c = 1;", output.Displays.ElementAt(2).Bundle.Data["application/javascript"]);
        Assert.Equal("8", output.ValueText);
    }

    [Fact]
    public async Task Devices_are_shown_and_chosen()
    {
        Assert.Contains("cpu", Shown(await harness.Run("#!device")), StringComparison.OrdinalIgnoreCase);
        await harness.Run("#!device CPU");
        Assert.Contains("it has cpu", (await harness.Fail("#!device cuda")).Message);
    }

    [Theory]
    [InlineData("#!bnech\n1", "did you mean #!bench?")]
    [InlineData("%%timeit\n1", "#!bench")]
    [InlineData("#!bench --rnus 3\n1", "did you mean --runs?")]
    [InlineData("#!bench --runs 0\n1", "at least one sample")]
    [InlineData("#!bench --name 2x\n1", "--name bench_2x")]
    [InlineData("#!bench", "no code below it")]
    [InlineData("#!compare\n//% a\n1", "only a to compare")]
    [InlineData("#!compare --baseline c\n//% a\n1\n//% b\n2", "the sides are a, b")]
    [InlineData("#!compare\n//% a\n1\n//% a\n2", "two sections are called a")]
    [InlineData("#!compare lost\n//% a\n1", "make one with #!bench --name lost")]
    public async Task What_cannot_be_done_is_told_before_anything_runs(string cell, string expected)
    {
        var error = await harness.Fail("int touched = 1;\n" + cell);
        Assert.Equal("MagicError", error.Name);
        Assert.Contains(expected, error.Message);
    }

    [Fact]
    public async Task A_misspelt_magic_leaves_the_code_above_it_unrun()
    {
        await harness.Fail("int touched = 1;\n#!bnech\n1");
        Assert.Equal("CompilationError", (await harness.Fail("touched")).Name);
    }

    [Fact]
    public async Task Help_is_shown()
    {
        var output = await harness.Run("#!bench --help");
        Assert.StartsWith("#!bench [--name N] [--runs R] [--warmup W] [--flops F] [--bytes B]", Shown(output));
    }
}
