using System.Diagnostics;
using System.Globalization;
using TensorCell.Interactive.Formatting;
using TensorCell.Learning;

namespace TensorCell.Interactive.Training;

/// <summary>Shows in place how far a training is, with its curves so far, a few times a second, and in the end the whole.</summary>
internal sealed class TrainingDisplay
{
    /// <summary>Points of a curve that is soon replaced.</summary>
    private const int MostPoints = 160;

    private static readonly TimeSpan interval = TimeSpan.FromMilliseconds(250);

    /// <summary>What is watched for long need not be shown as often.</summary>
    private static readonly TimeSpan longInterval = TimeSpan.FromSeconds(1);

    private readonly Trainer trainer;
    private readonly int epochs;
    private readonly IDisplayHandle handle;
    private readonly long start = Stopwatch.GetTimestamp();
    private readonly long firstStep;
    private long shown;

    /// <summary>Shows that a training begins.</summary>
    /// <param name="notebook">Where.</param>
    /// <param name="trainer">What trains.</param>
    /// <param name="epochs">How many epochs are to be complete at the end.</param>
    public TrainingDisplay(INotebook notebook, Trainer trainer, int epochs)
    {
        this.trainer = trainer;
        this.epochs = epochs;
        firstStep = trainer.StepCount;
        handle = notebook.Display(Progress("compiling the first step"));
    }

    private TimeSpan Elapsed => Stopwatch.GetElapsedTime(start);

    /// <summary>Shows how far it is, unless something was shown only just before.</summary>
    public void Report(TrainingStep step)
    {
        if (shown == 0 || Stopwatch.GetElapsedTime(shown) >= (Elapsed.TotalSeconds > 60 ? longInterval : interval))
        {
            handle.Update(Progress(Describe(step)));
            shown = Stopwatch.GetTimestamp();
        }
    }

    /// <summary>Shows what came of it, in place of how far it was.</summary>
    /// <param name="notes">A word on how it ended.</param>
    public void Finish(params IReadOnlyList<string> notes) => handle.Update(TrainingHtml.Of(trainer, notes));

    private string Describe(TrainingStep step)
    {
        var total = (long)epochs * trainer.Data.BatchesPerEpoch;
        var made = Math.Max(1, trainer.StepCount - firstStep);
        var left = (total - (((long)trainer.Epoch * trainer.Data.BatchesPerEpoch) + trainer.NextBatch)) * (Elapsed.TotalSeconds / made);
        var recent = trainer.History.PointsAtMost(30)[^1];
        return string.Create(
            CultureInfo.InvariantCulture,
            $"epoch {step.Epoch + 1} of {epochs}, batch {step.Batch + 1} of {trainer.Data.BatchesPerEpoch} · loss {recent.Loss:G4} · {recent.ExamplesPerSecond:N0} examples/s · {Quantity.Percent(recent.DataWait / recent.Duration)} waiting for data · {Quantity.Seconds(Math.Round(Elapsed.TotalSeconds, 1))} so far, about {Quantity.Seconds(Math.Round(left, left < 10 ? 1 : 0))} left");
    }

    private MimeBundle Progress(string text)
    {
        var batches = trainer.Data.BatchesPerEpoch;
        var done = (trainer.Epoch + ((double)trainer.NextBatch / batches)) / epochs;
        var run = trainer.History;

        // Pictures alone: a chart made interactive four times a second would flicker.
        var curves = run.StepCount > 1
            ? Html.Picture(TrainingCharts.Loss(run, MostPoints).ToSvg(), "loss") + Html.Picture(TrainingCharts.Throughput(run, MostPoints).ToSvg(), "throughput")
            : "";
        return MimeBundle.Html(
            Html.Output(
                ProgressBar.Html(done, ProgressBar.Percent(done)),
                Html.Note(text),
                curves),
            $"{TrainingHtml.Title(trainer)}: {text} ({ProgressBar.Percent(done)})");
    }
}
