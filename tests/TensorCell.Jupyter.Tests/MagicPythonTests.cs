using TensorCell.Interactive.Python;

namespace TensorCell.Jupyter.Tests;

/// <summary><c>#!python</c> in a real session.</summary>
public sealed class MagicPythonTests : IAsyncLifetime
{
    private readonly SessionHarness harness = new();

    public async ValueTask InitializeAsync()
    {
        try
        {
            await using var python = await PythonProcess.StartAsync();
            Assert.SkipWhen(python.NumPyVersion is null, "this Python has no NumPy");
        }
        catch (PythonMissingException exception)
        {
            Assert.Skip(exception.Message);
        }
    }

    public ValueTask DisposeAsync() => harness.DisposeAsync();

    [Fact]
    public async Task What_the_code_reads_is_shared_and_what_is_asked_for_comes_back()
    {
        await harness.Run("using TensorCell.Tensors;\nvar x = Tensor.Arange(6).Reshape(2, 3);\nvar scale = 2.5;\nint[] counts = { 1, 2 };\nvar label = \"é\";");
        var output = await harness.Run("#!python --return total,means,text\nprint(x.shape, counts.dtype)\ntotal = int(counts.sum())\nmeans = (x * scale).mean(axis=0)\ntext = label * 2");
        Assert.Equal("(2, 3) int32\n", output.Out);
        Assert.Equal("4", (await harness.Run("total + 1")).ValueText);
        Assert.Equal("éé", (await harness.Run("text")).ValueText);
        Assert.Equal("[3]", (await harness.Run("means.Shape.ToString()")).ValueText);
        Assert.Equal("3.75", (await harness.Run("(double)means[0]")).ValueText);
    }

    [Fact]
    public async Task Variables_of_Python_stay_its_own()
    {
        await harness.Run("var a = 1; var b = 1;");
        await harness.Run("#!python\na = 5");
        await harness.Run("a = 2; b = 2;");
        Assert.Equal("5 2\n", (await harness.Run("#!python\nprint(a, b)")).Out);
        Assert.Equal("2\n", (await harness.Run("#!python --share a\nprint(a)")).Out);
    }

    [Fact]
    public async Task Errors_name_the_line_of_the_cell()
    {
        var error = await harness.Fail("var a = 1;\n#!python\nx = 1\nx.missing");
        Assert.Equal("AttributeError", error.Name);
        Assert.Contains(error.Traceback, line => line.Contains("line 4"));
        error = await harness.Fail("#!python --share nothing\n1");
        Assert.Contains("no variable nothing", error.Message);
    }

    [Fact]
    public async Task An_optional_cell_goes_on_without_a_module_but_not_with_another_error()
    {
        var output = await harness.Run("#!python --optional\nimport no_such_module\nprint(1)");
        Assert.Equal("left out: python: No module named 'no_such_module'\n", output.Out);
        Assert.Equal("NameError", (await harness.Fail("#!python --optional\nprint(nothing)")).Name);
    }

    [Fact]
    public async Task An_interrupt_reaches_Python_and_keeps_its_variables()
    {
        var (outcome, _, _) = await harness.Interrupt("#!python\nkept = 3\nprint('ready')\nwhile True: pass");
        Assert.Equal("Interrupted", outcome.Error!.Name);
        Assert.Equal("3\n", (await harness.Run("#!python\nprint(kept)")).Out);
    }

    [Fact]
    public async Task An_end_of_Python_is_told_and_the_next_use_starts_it_anew()
    {
        var error = await harness.Fail("#!python\nimport os\nos._exit(3)");
        Assert.Contains("exit code 3", string.Join('\n', error.Traceback));
        Assert.Equal("1\n", (await harness.Run("#!python\nprint(1)")).Out);
    }
}
