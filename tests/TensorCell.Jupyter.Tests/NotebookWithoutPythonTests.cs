using TensorCell.Jupyter.Notebooks;

namespace TensorCell.Jupyter.Tests;

/// <summary>Notebooks with Python in them where there is no Python.</summary>
public sealed class NotebookWithoutPythonTests : IDisposable
{
    private const string Missing = "/nonexistent/python3";
    private const string Message = $"python: TENSORCELL_PYTHON names {Missing}, which does not run as Python 3";
    private readonly TemporaryDirectory directory = new();

    public void Dispose() => directory.Dispose();

    [Fact]
    public void A_python_cell_fails_with_what_is_wrong()
    {
        var (code, output, _) = Run("#!python\nprint(1)\n");
        Assert.Equal(1, code);
        Assert.Contains(Message, output);
    }

    [Fact]
    public void An_optional_cell_says_what_is_wrong_and_the_notebook_goes_on()
    {
        var (code, output, cell) = Run("#!python --optional\nprint(1)\n");
        Assert.True(code == 0, output);
        Assert.Contains($"left out: {Message}", cell.Outputs[^1]["text"]!.ToJsonString());
    }

    [Fact]
    public void A_comparison_goes_on_without_the_side_in_python()
    {
        var (code, output, cell) = Run(
            "#!compare --baseline numpy --runs 10\n#!python numpy\ny = 1\n//% first\nvar y = 1;\n//% second\nvar y = 2;\n");
        Assert.True(code == 0, output);
        var text = cell.Outputs[^1]["data"]!["text/plain"]!.GetValue<string>();
        Assert.Contains($"left out numpy: {Message}", text);
        Assert.Contains("numpy was to be the baseline; first is instead", text);
        Assert.Contains("second ", text);
        Assert.Contains("data-tensorcell-chart", cell.Outputs[^1]["data"]!["text/html"]!.GetValue<string>());
    }

    private (int Code, string Output, NotebookCell Cell) Run(string cell)
    {
        var notebook = Path.Combine(directory.Path, "in.ipynb");
        var executed = Path.Combine(directory.Path, "out.ipynb");
        NotebookFile.Write(notebook, new NotebookDocument { Cells = { new NotebookCell(CellKind.Code, cell) } });
        var start = Tool.StartInfo("run", notebook, "--output", executed);
        start.Environment["TENSORCELL_PYTHON"] = Missing;
        var (code, output) = Tool.Run(start);
        return (code, output, NotebookFile.Read(executed).Cells[0]);
    }
}
