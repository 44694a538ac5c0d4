using System.Globalization;
using TensorCell.Learning;

namespace TensorCell.Interactive.Formatting;

/// <summary>A training: its curves and what came of it.</summary>
internal static class TrainingHtml
{
    /// <summary>Points of the curve that stays: all that a screen can show.</summary>
    private const int MostPoints = 600;

    public static string Write(Trainer trainer) => Write(Title(trainer), Facts(trainer), trainer.History, []);

    public static string Write(TrainingRun run) => Write("training run", Facts(run), run, []);

    public static string Text(Trainer trainer) => Text(Title(trainer), Facts(trainer), []);

    public static string Text(TrainingRun run) => Text("training run", Facts(run), []);

    /// <summary>A trainer with a word on the run that just ended.</summary>
    public static MimeBundle Of(Trainer trainer, params IReadOnlyList<string> notes) => MimeBundle.Html(
        Write(Title(trainer), Facts(trainer), trainer.History, notes), Text(Title(trainer), Facts(trainer), notes));

    /// <summary>What is trained by what.</summary>
    public static string Title(Trainer trainer) =>
        $"{CellText.Cut(SafeText.Of(trainer.Model), 60)} by {trainer.Optimizer.GetType().Name}";

    private static string Write(string title, IEnumerable<(string Name, string Value)> facts, TrainingRun run, IEnumerable<string> notes) => Html.Output(
        Html.Heading(title, run.Last is null ? "not begun" : $"{Number(run.StepCount)} steps"),
        string.Concat(notes.Select(Html.Note)),
        run.StepCount > 1 ? ChartHtml.Write(TrainingCharts.Loss(run, MostPoints)) : "",
        run.StepCount > 1 ? ChartHtml.Write(TrainingCharts.Throughput(run, MostPoints)) : "",
        Html.Properties(facts));

    private static string Text(string title, IEnumerable<(string Name, string Value)> facts, IEnumerable<string> notes) =>
        string.Join('\n', notes.Prepend(title).Concat(facts.Select(fact => $"  {fact.Name}: {fact.Value}")));

    private static IEnumerable<(string Name, string Value)> Facts(Trainer trainer)
    {
        foreach (var fact in Facts(trainer.History))
        {
            yield return fact;
        }

        var batches = trainer.Data.BatchesPerEpoch;
        yield return ("epochs", trainer.NextBatch == 0
            ? $"{trainer.Epoch:N0} complete"
            : $"{trainer.Epoch:N0} complete, {trainer.NextBatch:N0} of {batches:N0} batches of the next");
        yield return ("data", $"{Number(trainer.Data.RowCount)} rows, {Number(batches)} batches of {Number(trainer.Data.BatchSize)}");
        yield return ("model", $"{Number(trainer.Model.ParameterCount)} parameters, {Quantity.Bytes(trainer.Model.ByteSize)}");
        yield return ("learning rate", trainer.Optimizer.LearningRate.ToString("G4", CultureInfo.InvariantCulture));
    }

    private static IEnumerable<(string Name, string Value)> Facts(TrainingRun run)
    {
        if (run.Last is not { } last)
        {
            yield break;
        }

        var points = run.Points;
        yield return ("loss", $"{Loss(points[0].Loss)} at first, {Loss(TrainingCharts.Smooth(points)[^1])} at last (smoothed)");
        if (run.Evaluations is [.., var latest] evaluations)
        {
            var best = evaluations.MinBy(evaluation => evaluation.Result.Loss)!;
            yield return ("validation", $"{Describe(latest.Result)}{(ReferenceEquals(best, latest) ? ", the best of all epochs" : $"; best after epoch {best.Epoch + 1}: {Describe(best.Result)}")}");
        }

        yield return ("time", $"{Quantity.Seconds(run.Duration.TotalSeconds)}, {Quantity.Percent(run.DataWait / run.Duration)} of it waiting for data");
        yield return ("throughput", $"{Number((long)run.ExamplesPerSecond)} examples/s, {Quantity.Seconds(run.Duration.TotalSeconds / run.StepCount)} a step");
        yield return ("gradient norm", last.GradientNorm.ToString("G4", CultureInfo.InvariantCulture));
    }

    private static string Describe(Evaluation evaluation) =>
        $"loss {Loss(evaluation.Loss)}{(evaluation.Accuracy is { } share ? $", accuracy {(100 * share).ToString("0.0", CultureInfo.InvariantCulture)} %" : "")}";

    private static string Loss(double loss) => loss.ToString("G4", CultureInfo.InvariantCulture);

    private static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
