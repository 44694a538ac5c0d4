using TensorCell.Interactive;
using TensorCell.Jupyter.Notebooks;
using TensorCell.Jupyter.Pages;

namespace TensorCell.Jupyter.Tests;

/// <summary>Notebooks and figures for the tests of pages.</summary>
internal static class PageSamples
{
    /// <summary>A figure of each kind.</summary>
    public static IReadOnlyList<Figure> Figures { get; } =
    [
        Chart.Bar(["a", "b"], [1.5, 2.5], errors: [0.1, 0.2], labels: ["1.5 s", "2.5 s"]).Title("Bars & <b>more</b>").Y("time", unit: "s"),
        Chart.HorizontalBar(["first", "second"], [1.0, 0.01], labels: ["1×", "0.01×"]).X("ratio", log: true, unit: "×").MarkX(1, "baseline"),
        (Chart.Bar(["a", "b"], [1, 2], "one") + Chart.Bar(["a", "b"], [2, 3], "two")).Stacked(),
        (Chart.Line([1, 2, 3], [1.0, double.NaN, 9], "gap") + Chart.Line([1, 2, 3], [2, 3, 4], "whole")).Y("value", log: true).MarkY(3, "three"),
        Chart.Scatter([1, 2, 3], [3.0, 1, 2], ["x", "y", "x"]).Annotate(2, 1, "here <i>"),
        Chart.Scatter([1, 2, 3], [3.0, 1, 2], [0.1, 0.5, 0.9]),
        Chart.Box([1.0, 2, 3, 4, 100], "box") + new Figure().Add(new BoxTrace(ChartValues.From([2.0, 3, 4])) { Name = "all", ShowPoints = true }),
        Chart.Violin([1.0, 2, 2, 3, 4], "violin"),
        Chart.Histogram(Enumerable.Range(0, 100).Select(i => Math.Sqrt(i))),
        Chart.Heatmap(new double[,] { { 1, 2 }, { double.NaN, 4 } }, ["p", "q"], ["r", "s"]),
        Chart.Line([1.0, 5, 3]).X(minimum: -1).Y(maximum: 20),
        Chart.Line([1.0, 5, 3]).X(minimum: 0, maximum: 2).Y(minimum: 0.1, log: true),
        Chart.Line([new DateTime(2026, 1, 1), new DateTime(2026, 2, 1)], [1, 2]),
        new Figure().Title("empty"),
    ];

    /// <summary>A notebook whose code cells have shown the values.</summary>
    public static NotebookDocument Notebook(params IEnumerable<object?> values)
    {
        var document = new NotebookDocument();
        document.Cells.Add(new NotebookCell(CellKind.Markdown, "# Sample\n\nA page."));
        var count = 0;
        foreach (var value in values)
        {
            var cell = new NotebookCell(CellKind.Code, $"Show({++count})") { ExecutionCount = count };
            cell.Outputs.Add(NotebookOutput.ExecuteResult(MimeBundles.Of(value), count));
            document.Cells.Add(cell);
        }

        return document;
    }

    /// <summary>The notebook's page.</summary>
    public static string Page(NotebookDocument document, string? folder = null)
    {
        using var writer = new StringWriter();
        HtmlPage.Write(document, writer, "sample", folder);
        return writer.ToString();
    }

    /// <summary>Writes the notebook's page to a file that the directory's disposal removes.</summary>
    public static string WritePage(TemporaryDirectory directory, NotebookDocument document)
    {
        var path = Path.Combine(directory.Path, "page.html");
        File.WriteAllText(path, Page(document));
        return new Uri(path).AbsoluteUri;
    }
}
