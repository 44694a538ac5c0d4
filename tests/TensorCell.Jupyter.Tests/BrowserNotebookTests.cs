using Microsoft.Playwright;
using TensorCell.Interactive;
using TensorCell.Jupyter.Notebooks;

namespace TensorCell.Jupyter.Tests;

/// <summary>Charts in Debian's classic Jupyter Notebook, run by the installed kernel, as a user meets them.</summary>
public sealed class BrowserNotebookTests(Browser browser, NotebookServer server) : IClassFixture<NotebookServer>
{
    // Where there is no Python to compare with, a comparison has no ratio to show.
    private const int RatiosToPython = 2;

    private const string Interactive = ".tensorcell-chart .js-plotly-plot .main-svg";

    [Fact]
    public async Task Charts_are_pictures_before_the_notebook_is_trusted_and_interactive_once_it_is_run()
    {
        var address = server.Add("charts.ipynb", Document());
        await using var watched = await browser.OpenAsync(offline: false);
        var page = watched.Page;
        await OpenAsync(page, address);

        // Untrusted: the notebook's sanitizer has taken out every script, and the picture is still there.
        await Assertions.Expect(page.Locator(".output_html img").First).ToBeVisibleAsync();
        Assert.True(await page.Locator(".output_html img").First.EvaluateAsync<bool>("e => e.complete && e.naturalWidth >= 300"));
        Assert.Equal(0, await page.Locator(".js-plotly-plot").CountAsync());

        await RunAllAsync(page);
        await Assertions.Expect(page.Locator(".cell:has(.js-plotly-plot .main-svg)")).ToHaveCountAsync(2);
        await Assertions.Expect(page.Locator(".tensorcell-chart img:visible")).ToHaveCountAsync(0);

        // With the first output cleared, saved and opened again, the second is interactive without a cell being run.
        await page.EvaluateAsync("() => { Jupyter.notebook.get_cell(0).clear_output(); return Jupyter.notebook.save_notebook(); }");
        await OpenAsync(page, address);
        await page.Locator(Interactive).First.WaitForAsync();
        await Assertions.Expect(page.Locator(".cell:has(.js-plotly-plot .main-svg)")).ToHaveCountAsync(1);
        Assert.DoesNotContain(watched.Requests, url => !url.StartsWith(server.Address!, StringComparison.Ordinal)
            && !url.StartsWith("data:", StringComparison.Ordinal) && !url.StartsWith("blob:", StringComparison.Ordinal)
            && !url.StartsWith("ws:", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_tour_shows_pictures_before_it_is_run_and_interactive_charts_once_every_cell_has_run()
    {
        var address = server.AddTour();
        var charts = Tour.CountCharts();
        await using var watched = await browser.OpenAsync(offline: false);
        var page = watched.Page;
        await OpenAsync(page, address);

        Assert.Equal(charts, await page.EvaluateAsync<int>(
            "() => [...document.querySelectorAll('.output_html img[width]')].filter(e => e.complete && e.naturalWidth >= 300).length"));
        Assert.Equal(0, await page.Locator(".js-plotly-plot").CountAsync());

        await RunAllAsync(page);
        Assert.Empty(await page.Locator(".output_error").AllInnerTextsAsync());
        await Assertions.Expect(page.Locator(".tensorcell-chart img:visible")).ToHaveCountAsync(0);
        var drawn = await page.Locator(".tensorcell-chart:has(.js-plotly-plot .main-svg)").CountAsync();
        Assert.Equal(await page.Locator(".tensorcell-chart").CountAsync(), drawn);
        Assert.InRange(drawn, charts - RatiosToPython, charts);
    }

    private static NotebookDocument Document()
    {
        var document = new NotebookDocument();
        document.Metadata["kernelspec"] = new System.Text.Json.Nodes.JsonObject
        {
            ["name"] = "tensorcell",
            ["display_name"] = "C# (TensorCell)",
            ["language"] = "csharp",
        };
        foreach (var code in (string[])
            [
                "using TensorCell.Interactive;\nChart.Bar([\"a\", \"b\"], [1, 2]).Title(\"First\")",
                "Chart.Line([1, 2, 3], [1.0, 4, 9]).Title(\"Second\")",
            ])
        {
            var cell = new NotebookCell(CellKind.Code, code) { ExecutionCount = 1 };
            cell.Outputs.Add(NotebookOutput.ExecuteResult(MimeBundles.Of(PageSamples.Figures[0]), 1));
            document.Cells.Add(cell);
        }

        return document;
    }

    private static async Task OpenAsync(IPage page, string address)
    {
        await page.GotoAsync(address);
        await page.WaitForFunctionAsync(
            "() => window.Jupyter && Jupyter.notebook && Jupyter.notebook.kernel && Jupyter.notebook.kernel.is_connected()",
            null,
            new PageWaitForFunctionOptions { Timeout = 60_000 });
    }

    private static async Task RunAllAsync(IPage page)
    {
        await page.EvaluateAsync("() => Jupyter.notebook.execute_all_cells()");
        await page.WaitForFunctionAsync(
            "() => Jupyter.notebook.get_cells().every(c => c.cell_type !== 'code' || /^\\d+$/.test(c.input_prompt_number)) && !Jupyter.notebook.kernel_busy",
            null,
            new PageWaitForFunctionOptions { Timeout = 120_000 });
        await page.Locator(Interactive).First.WaitForAsync(new LocatorWaitForOptions { Timeout = 30_000 });
    }
}
