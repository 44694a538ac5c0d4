using TensorCell.Learning;

namespace TensorCell.Interactive.Formatting;

/// <summary>The curves of a training.</summary>
internal static class TrainingCharts
{
    /// <summary>How many times the least loss the greatest must be for the axis to be logarithmic.</summary>
    private const double WideRange = 12;

    private const string Raw = "#9db8dc";
    private const string Smoothed = "#3b7dd8";
    private const string Validated = "#e8871e";
    private const string Speed = "#1a9e77";

    /// <summary>The loss by step, smoothed, and that on the validation data.</summary>
    /// <param name="run">What happened.</param>
    /// <param name="most">How many points to draw at most.</param>
    public static Figure Loss(TrainingRun run, int most)
    {
        var points = run.PointsAtMost(most);
        var evaluations = run.Evaluations;
        double[] losses = [.. points.Select(point => point.LowestLoss), .. points.Select(point => point.HighestLoss)];
        var isWide = losses.Length > 0 && losses.Min() > 0 && losses.Max() / losses.Min() > WideRange;
        var steps = ChartValues.From(points.Select(point => point.MiddleStep));
        List<Trace> traces =
        [
            new ScatterTrace(steps, ChartValues.From(points.Select(point => point.Loss))) { Name = "loss", Mode = ScatterMode.Lines, Color = Raw },
            new ScatterTrace(steps, ChartValues.From(Smooth(points, isWide))) { Name = "smoothed", Mode = ScatterMode.Lines, Color = Smoothed },
        ];
        if (evaluations.Count > 0)
        {
            traces.Add(new ScatterTrace(
                ChartValues.From(evaluations.Select(evaluation => (double)evaluation.Step)),
                ChartValues.From(evaluations.Select(evaluation => evaluation.Result.Loss)))
            {
                Name = "validation",
                Mode = ScatterMode.LinesAndMarkers,
                Color = Validated,
            });
        }

        return new Figure { Traces = [.. traces] }.Title("Loss").X("step").Y("loss", log: isWide).Legend().Size(640, 300);
    }

    /// <summary>The examples per second by step.</summary>
    /// <param name="run">What happened.</param>
    /// <param name="most">How many points to draw at most.</param>
    public static Figure Throughput(TrainingRun run, int most)
    {
        // Single steps are too short to be timed well; a point is many of them where there are many.
        var points = run.PointsAtMost(Math.Min(most, 120));
        return new Figure
        {
            Traces =
            [
                new ScatterTrace(
                    ChartValues.From(points.Select(point => point.MiddleStep)), ChartValues.From(points.Select(point => point.ExamplesPerSecond)))
                {
                    Mode = ScatterMode.Lines, Color = Speed, Filled = true,
                },
            ],
        }.Title("Throughput").X("step").Y("examples/s", minimum: 0).Size(640, 200);
    }

    /// <summary>An exponential mean of the losses up to each point, corrected for its beginning (Kingma and Ba 2015).</summary>
    /// <param name="points">The points.</param>
    /// <param name="isGeometric">Whether ratios count instead of differences, as on a logarithmic axis; all losses are above 0 then.</param>
    public static IReadOnlyList<double> Smooth(IReadOnlyList<TrainingPoint> points, bool isGeometric = false)
    {
        var keep = 1 - (1 / Math.Max(1, points.Count / 40.0));
        var smoothed = new double[points.Count];
        double mean = 0, weight = 0;
        for (var i = 0; i < smoothed.Length; i++)
        {
            mean = (keep * mean) + ((1 - keep) * (isGeometric ? Math.Log(points[i].Loss) : points[i].Loss));
            weight = (keep * weight) + (1 - keep);
            smoothed[i] = isGeometric ? Math.Exp(mean / weight) : mean / weight;
        }

        return smoothed;
    }
}
