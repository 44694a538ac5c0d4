namespace TensorCell.Jupyter.Tests;

/// <summary>The page that <c>tensorcell run</c> makes of the tour, made once for all tests that look at it.</summary>
public sealed class TourPage : IDisposable
{
    private readonly TemporaryDirectory directory = new();
    private readonly Lazy<(int Code, string Output)> run;

    public TourPage()
    {
        File = Path.Combine(directory.Path, "page.html");
        run = new(() => Tool.Run("run", Tour.CopyTo(directory.Path), "--output", File));
    }

    /// <summary>The page's path.</summary>
    public string File { get; }

    /// <summary>What the tool said and its exit code; the first to ask waits until it has run.</summary>
    public (int Code, string Output) Run => run.Value;

    public void Dispose() => directory.Dispose();
}
