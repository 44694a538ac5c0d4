using Microsoft.Playwright;
using TensorCell.Interactive;

namespace TensorCell.Jupyter.Tests;

/// <summary>The tour without Jupyter: run by the tool and read as a page.</summary>
public sealed class TourPageTests(Browser browser, TourPage tour) : IClassFixture<TourPage>
{
    [Fact]
    public void The_tool_runs_every_cell_of_the_tour()
    {
        var (code, output) = tour.Run;
        Assert.True(code == 0, output);
        Assert.True(File.Exists(tour.File));
    }

    [Fact]
    public async Task Its_page_draws_interactive_charts_of_many_kinds_with_the_network_off()
    {
        Assert.SkipWhen(PlotlyBundle.Script is null, "the build had no npm to fetch plotly.js with");
        await using var watched = await browser.OpenAsync();
        var (code, output) = tour.Run;
        Assert.True(code == 0, output);

        var page = watched.Page;
        await page.GotoAsync(new Uri(tour.File).AbsoluteUri);
        await Assertions.Expect(page.Locator(".tensorcell-chart img:visible")).ToHaveCountAsync(0);
        Assert.Equal(
            await page.Locator(".tensorcell-chart").CountAsync(),
            await page.Locator(".tensorcell-chart:has(.js-plotly-plot .main-svg)").CountAsync());
        var kinds = await page.EvaluateAsync<string[]>(
            """
            () => [...new Set([...document.querySelectorAll('.js-plotly-plot')].flatMap(plot => plot.data.map(
                trace => (trace.type || 'scatter') + (trace.mode && trace.mode.includes('lines') ? ' line' : ''))))]
            """);
        Assert.True(kinds.Length >= 5, string.Join(", ", kinds));
        Assert.Empty(watched.Complaints);
        Assert.Empty(watched.Outside);
    }
}
