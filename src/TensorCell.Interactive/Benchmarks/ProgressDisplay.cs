using System.Diagnostics;
using TensorCell.Interactive.Formatting;

namespace TensorCell.Interactive.Benchmarks;

/// <summary>Shows in place how far a measurement is, a few times a second, and in the end its result.</summary>
internal sealed class ProgressDisplay(INotebook notebook, string title)
{
    private static readonly TimeSpan interval = TimeSpan.FromMilliseconds(200);

    private readonly IDisplayHandle handle = notebook.Display(ProgressBar.Bundle(0, $"{title}: compiling"));
    private long shown = Stopwatch.GetTimestamp();

    /// <summary>Shows the progress, unless something was shown only just before.</summary>
    public void Report(SamplingProgress progress)
    {
        if (Stopwatch.GetElapsedTime(shown) < interval)
        {
            return;
        }

        var subject = progress.Subject == title ? title : $"{title}: {progress.Subject}";
        var speed = double.IsNaN(progress.Seconds) ? "" : $", {Quantity.Seconds(progress.Seconds)} a run";
        handle.Update(ProgressBar.Bundle(progress.Done, $"{subject}: {progress.Phase}{speed}"));
        shown = Stopwatch.GetTimestamp();
    }

    /// <summary>Shows the result in the progress's place.</summary>
    public void Finish(object result) => handle.Update(result);

    /// <summary>Says that there will be no result.</summary>
    public void Fail(string reason) => handle.Update(MimeBundle.PlainText($"{title}: {reason}"));
}
