using Microsoft.Playwright;

namespace TensorCell.Jupyter.Tests;

/// <summary>One Chromium for the tests that look at pages, if the machine has one.</summary>
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

/// <summary>A page, what it complained about and what it asked for.</summary>
internal sealed class WatchedPage : IAsyncDisposable
{
    private readonly IBrowserContext context;

    public WatchedPage(IBrowserContext context, IPage page)
    {
        this.context = context;
        Page = page;
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
            {
                Complaints.Add($"{message.Type}: {message.Text}");
            }
        };
        page.PageError += (_, error) => Complaints.Add($"uncaught: {error}");
        page.Request += (_, request) => Requests.Add(request.Url);
    }

    public IPage Page { get; }

    public List<string> Complaints { get; } = [];

    public List<string> Requests { get; } = [];

    /// <summary>Requests that leave the page: neither the file itself nor data within it.</summary>
    public IEnumerable<string> Outside => Requests.Where(url =>
        !url.StartsWith("file:", StringComparison.Ordinal) && !url.StartsWith("data:", StringComparison.Ordinal) && !url.StartsWith("blob:", StringComparison.Ordinal));

    public ValueTask DisposeAsync() => context.DisposeAsync();
}

/// <summary>Finds programs of the machine.</summary>
internal static class Programs
{
    /// <summary>The full path of the first of some programs that there is; null when there is none.</summary>
    public static string? Find(params ReadOnlySpan<string> names)
    {
        // Debian's own come first: another Python or browser in PATH may lack the packages.
        string[] folders = ["/usr/bin", .. (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)];
        foreach (var name in names)
        {
            foreach (var folder in folders.Where(folder => folder.Length > 0))
            {
                var path = Path.Combine(folder, OperatingSystem.IsWindows() ? name + ".exe" : name);
                if (File.Exists(path))
                {
                    return path;
                }
            }
        }

        return null;
    }
}
