using Microsoft.Playwright;

[assembly: AssemblyFixture(typeof(TensorCell.Jupyter.Tests.Browser))]

namespace TensorCell.Jupyter.Tests;

/// <summary>
/// One Chromium for the tests that look at pages, if the machine has one. Started before any test: starting it sets the console's
/// encoding, which takes the console's input from cells that run meanwhile.
/// </summary>
public sealed class Browser : IAsyncLifetime
{
    private static readonly string[] names = ["chromium", "chromium-browser", "google-chrome"];
    private IPlaywright? playwright;
    private IBrowser? browser;

    public async ValueTask InitializeAsync()
    {
        if (Programs.Find(names) is not { } executable)
        {
            return;
        }

        playwright = await Playwright.CreateAsync();
        browser = await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = executable,
            Args =
            [
                "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
                "--disable-component-update", "--disable-sync",
            ],
        });
    }

    public async ValueTask DisposeAsync()
    {
        if (browser is not null)
        {
            await browser.DisposeAsync();
        }

        playwright?.Dispose();
    }

    /// <summary>A fresh page that remembers its errors and requests; skips the test where there is no Chromium.</summary>
    internal async Task<WatchedPage> OpenAsync(bool scripts = true, bool offline = true, ColorScheme scheme = ColorScheme.Light, int width = 1280)
    {
        if (browser is null)
        {
            Assert.Skip($"no browser: none of {string.Join(", ", names)} is installed");
        }

        var context = await browser.NewContextAsync(new BrowserNewContextOptions
        {
            JavaScriptEnabled = scripts,
            Offline = offline,
            ColorScheme = scheme,
            ViewportSize = new ViewportSize { Width = width, Height = 900 },
        });
        return new WatchedPage(context, await context.NewPageAsync());
    }
}
