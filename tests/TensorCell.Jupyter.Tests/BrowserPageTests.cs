using Microsoft.Playwright;
using TensorCell.Interactive;

namespace TensorCell.Jupyter.Tests;

/// <summary>The exported page in a real browser, opened from a file with the network off.</summary>
public sealed class BrowserPageTests(Browser browser)
{
    [Fact]
    public async Task Every_chart_of_a_page_is_drawn_interactive_without_a_request()
    {
        SkipWithoutPlotly();
        using var directory = new TemporaryDirectory();
        await using var watched = await browser.OpenAsync();
        var count = PageSamples.Figures.Count;
        await watched.Page.GotoAsync(PageSamples.WritePage(directory, PageSamples.Notebook(PageSamples.Figures)));

        await Assertions.Expect(watched.Page.Locator(".tensorcell-chart .js-plotly-plot")).ToHaveCountAsync(count);
        await Assertions.Expect(watched.Page.Locator(".tensorcell-chart img:visible")).ToHaveCountAsync(0);
        Assert.Equal(count, await watched.Page.Locator(".tensorcell-chart:has(.js-plotly-plot .main-svg)").CountAsync());
        Assert.Equal(2, await watched.Page.Locator(".bars .point path:visible").First.EvaluateAsync<int>("e => e.closest('.bars').querySelectorAll('.point').length"));
        Assert.Empty(watched.Complaints);
        Assert.Empty(watched.Outside);
        Assert.Equal(0, await watched.Page.Locator("[data-title*='Share']").CountAsync());
    }

    [Fact]
    public async Task Plotly_itself_finds_nothing_wrong_with_any_figure()
    {
        SkipWithoutPlotly();
        await using var watched = await browser.OpenAsync();
        await watched.Page.SetContentAsync($"<html><body>{PlotlyBundle.LoaderHtml}</body></html>");
        foreach (var figure in PageSamples.Figures)
        {
            var found = await watched.Page.EvaluateAsync<string>(
                "json => { const f = JSON.parse(json); return JSON.stringify((Plotly.validate(f.data, f.layout) || []).filter(e => e.code !== 'unused' && e.code !== 'dynamic')); }", figure.ToJson());
            Assert.True(found == "[]", $"{figure}\n{found}\n{figure.ToJson()}");
        }
    }

    [Fact]
    public async Task An_axis_with_one_end_given_finds_the_other()
    {
        SkipWithoutPlotly();
        using var directory = new TemporaryDirectory();
        await using var watched = await browser.OpenAsync();
        var figure = Chart.Line([1.0, 5, 3]).X(minimum: -1).Y(maximum: 20);
        await watched.Page.GotoAsync(PageSamples.WritePage(directory, PageSamples.Notebook(figure)));
        await watched.Page.Locator(".js-plotly-plot .main-svg").First.WaitForAsync();

        var ends = await watched.Page.Locator(".js-plotly-plot").EvaluateAsync<double[]>("e => [...e._fullLayout.xaxis.range, ...e._fullLayout.yaxis.range]");
        Assert.Equal(-1, ends[0], 1e-9);
        Assert.InRange(ends[1], 2, 3);
        Assert.InRange(ends[2], 0, 1);
        Assert.Equal(20, ends[3], 1e-9);
    }

    [Theory]
    [InlineData(1280)]
    [InlineData(390)]
    public async Task Labels_of_a_logarithmic_axis_do_not_overlap(int width)
    {
        SkipWithoutPlotly();
        using var directory = new TemporaryDirectory();
        await using var watched = await browser.OpenAsync(width: width);
        double[] ratios = [1.5, 4, 9, 12, 30, 90, 150, 1000, 3e4, 1e9];
        var figures = ratios.SelectMany(ratio => (string?[])["s", "×", null], (ratio, unit) => Chart
            .Line([0.003, 0.003 * ratio], [0.07, 0.07 * ratio]).X("across", log: true, unit: unit).Y("up", log: true, unit: unit).Size(640, 320));
        await watched.Page.GotoAsync(PageSamples.WritePage(directory, PageSamples.Notebook([.. figures, ThirtyTimes()])));
        await Assertions.Expect(watched.Page.Locator(".tensorcell-chart img:visible")).ToHaveCountAsync(0);

        Assert.Empty(await OverlapsAsync(watched.Page, leastLabels: 2));
        Assert.Contains("50 ms", await watched.Page.Locator(".yaxislayer-above").Last.TextContentAsync());

        await ZoomAsync("[0.4 * r[0] + 0.6 * r[1], 0.1 * r[0] + 0.9 * r[1]]");
        Assert.Empty(await OverlapsAsync(watched.Page, leastLabels: 1));
        await watched.Page.EvaluateAsync(
            "() => Promise.all([...document.querySelectorAll('.js-plotly-plot')].map(p => Plotly.relayout(p, { 'xaxis.autorange': true, 'yaxis.autorange': true })))");
        await Assertions.Expect(watched.Page.Locator(".yaxislayer-above").Last).ToContainTextAsync("50 ms");
        Assert.Empty(watched.Complaints);

        Task ZoomAsync(string range) => watched.Page.EvaluateAsync(
            "() => Promise.all([...document.querySelectorAll('.js-plotly-plot')].map(p => Plotly.relayout(p, Object.fromEntries(['xaxis', 'yaxis']"
            + $".filter(a => p._fullLayout[a].type === 'log').map(a => [a + '.range', (r => {range})(p._fullLayout[a].range)])))))");
    }

    // Labels that Plotly has turned stand side by side, although the boxes around them meet.
    private static Task<string[]> OverlapsAsync(IPage page, int leastLabels) => page.EvaluateAsync<string[]>(
        """
        least => [...document.querySelectorAll('.js-plotly-plot')].flatMap(plot => ['.xaxislayer-above text', '.yaxislayer-above text'].flatMap(axis => {
            const shown = [...plot.querySelectorAll(axis)].filter(e => e.textContent);
            const labels = shown.map(e => [e.textContent, e.getBoundingClientRect()]);
            return shown.some(e => /rotate\((?!0,)/.test(e.getAttribute('transform'))) ? [] : labels.flatMap(([a, p], i) => labels.slice(i + 1)
                .filter(([, q]) => p.left < q.right && q.left < p.right && p.top < q.bottom - 2 && q.top < p.bottom - 2)
                .map(([b]) => `${a} | ${b}`)).concat(labels.length < least ? [`only ${labels.length} labels`] : []);
        }))
        """,
        leastLabels);

    [Fact]
    public async Task Without_scripts_every_chart_is_a_picture()
    {
        using var directory = new TemporaryDirectory();
        await using var watched = await browser.OpenAsync(scripts: false);
        await watched.Page.GotoAsync(PageSamples.WritePage(directory, PageSamples.Notebook(PageSamples.Figures)));

        var pictures = watched.Page.Locator(".tensorcell-chart img");
        await Assertions.Expect(pictures).ToHaveCountAsync(PageSamples.Figures.Count);
        for (var i = 0; i < PageSamples.Figures.Count; i++)
        {
            var box = await pictures.Nth(i).BoundingBoxAsync();
            Assert.True(box is { Width: > 300, Height: > 150 }, PageSamples.Figures[i].ToString());
        }
    }

    [Fact]
    public async Task Every_picture_is_one_that_the_browser_can_draw()
    {
        using var directory = new TemporaryDirectory();
        await using var watched = await browser.OpenAsync();
        await watched.Page.GotoAsync(PageSamples.WritePage(directory, PageSamples.Notebook(PageSamples.Figures)));

        Assert.Equal(
            PageSamples.Figures.Count,
            await watched.Page.EvaluateAsync<int>("() => [...document.querySelectorAll('.tensorcell-chart img')].filter(i => i.complete && i.naturalWidth >= 300).length"));
    }

    [Theory]
    [InlineData(ColorScheme.Light, true)]
    [InlineData(ColorScheme.Dark, false)]
    public async Task Charts_follow_the_page_into_light_and_dark(ColorScheme scheme, bool isLight)
    {
        SkipWithoutPlotly();
        using var directory = new TemporaryDirectory();
        await using var watched = await browser.OpenAsync(scheme: scheme);
        await watched.Page.GotoAsync(PageSamples.WritePage(directory, PageSamples.Notebook(PageSamples.Figures[0])));
        await watched.Page.Locator(".js-plotly-plot .main-svg").First.WaitForAsync();

        var ground = await watched.Page.Locator(".main-svg").First.EvaluateAsync<double[]>("e => getComputedStyle(e).backgroundColor.match(/\\d+/g).map(Number)");
        Assert.Equal(isLight, ground[0] > 128);
    }

    [Fact]
    public async Task A_chart_that_plotly_refuses_stays_the_picture_it_was()
    {
        using var directory = new TemporaryDirectory();
        await using var watched = await browser.OpenAsync();
        var html = MimeBundles.Of(PageSamples.Figures[0]).Data["text/html"];
        await watched.Page.SetContentAsync($"<html><body><script>window.Plotly={{newPlot(){{throw new Error('refused')}}}}</script>{html}</body></html>");
        await Assertions.Expect(watched.Page.Locator("img")).ToBeVisibleAsync();
        Assert.Equal(0, await watched.Page.Locator(".tensorcell-chart > div").CountAsync());
    }

    [Fact]
    public async Task On_a_phone_nothing_reaches_beyond_the_screen()
    {
        using var directory = new TemporaryDirectory();
        await using var watched = await browser.OpenAsync(width: 390);
        await watched.Page.GotoAsync(PageSamples.WritePage(directory, PageSamples.Notebook(PageSamples.Figures)));
        Assert.Equal(390, await watched.Page.EvaluateAsync<int>("() => document.documentElement.scrollWidth"));
    }

    [Fact]
    public async Task Markdown_that_tries_to_run_something_runs_nothing()
    {
        using var directory = new TemporaryDirectory();
        var document = PageSamples.Notebook();
        document.Cells.Add(new(Notebooks.CellKind.Markdown,
            """
            <script>window.hacked = 1</script><img src=x onerror="window.hacked=2"><svg onload="window.hacked=3"><a href="javascript:window.hacked=4" id="trap">click</a>
            [link](javascript:window.hacked=5) <iframe srcdoc="<script>parent.hacked=6</script>"></iframe><details open ontoggle="window.hacked=7">text</details>
            """));
        await using var watched = await browser.OpenAsync();
        await watched.Page.GotoAsync(PageSamples.WritePage(directory, document));
        await watched.Page.Locator("#trap").ClickAsync();
        Assert.True(await watched.Page.EvaluateAsync<bool>("() => window.hacked === undefined"));
        Assert.Empty(watched.Outside);
    }

    private static Comparison ThirtyTimes()
    {
        var fast = new Benchmark("fast", "C#", "", [.. Enumerable.Range(0, 40).Select(i => 3e-3 + (i * 1e-5))]);
        var slow = new Benchmark("slow", "C#", "", [.. fast.Samples.Select(seconds => seconds * 30)]);
        return new Comparison([slow, fast], "fast", [new("slow", 30, new(29, 31, 0.95)), new("fast", 1, new(1, 1, 0.95))]);
    }

    private static void SkipWithoutPlotly() =>
        Assert.SkipWhen(PlotlyBundle.Script is null, "the build had no npm to fetch plotly.js with");
}
