using TensorCell.Jupyter.Notebooks;

namespace TensorCell.Jupyter.Tests;

/// <summary>The notebooks beside the tour: as they are kept, and run anew.</summary>
public sealed class NotebookExamplesTests
{
    [Theory]
    [InlineData("kernels.ipynb", 12)]
    [InlineData("claims.ipynb", 20)]
    [InlineData("tensors.ipynb", 8)]
    public void Are_kept_with_their_charts_and_without_errors(string name, int leastCharts)
    {
        var cells = NotebookFile.Read(Path.Combine(Repository.Root, "notebooks", name)).Cells;
        Assert.DoesNotContain(cells.SelectMany(cell => cell.Outputs), output => (string?)output["output_type"] == "error");
        Assert.True(Tour.CountCharts(name) >= leastCharts);
    }

    [Theory]
    [Trait("Category", "Long")]
    [InlineData("kernels.ipynb")]
    [InlineData("claims.ipynb")]
    [InlineData("tensors.ipynb")]
    public void Run_from_the_first_cell_to_the_last(string name)
    {
        using var directory = new TemporaryDirectory();
        var (code, output) = Tool.Run(
            TimeSpan.FromMinutes(10), "run", Path.Combine(Repository.Root, "notebooks", name), "--output", Path.Combine(directory.Path, "page.html"));
        Assert.True(code == 0, output);
    }
}
