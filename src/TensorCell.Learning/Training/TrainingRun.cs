using System.Globalization;

namespace TensorCell.Learning;

/// <summary>
/// What happened in a training: its steps, of which neighbours are taken together where there are many, so that a run of any length takes little memory.
/// A <see cref="Trainer"/> adds to it as it goes; it may be read meanwhile.
/// </summary>
public sealed class TrainingRun
{
    /// <summary>The most points that are kept.</summary>
    public const int Capacity = 4096;

    private readonly Lock gate = new();
    private readonly List<TrainingPoint> points = [];
    private readonly List<EpochEvaluation> evaluations = [];
    private TrainingPoint? open;
    private int stepsPerPoint = 1;
    private TrainingStep? last;
    private TimeSpan duration;
    private TimeSpan dataWait;
    private long examples;

    /// <summary>The steps, in order, neighbours taken together so that there are at most <see cref="Capacity"/> points.</summary>
    public IReadOnlyList<TrainingPoint> Points
    {
        get
        {
            lock (gate)
            {
                return open is null ? [.. points] : [.. points, open];
            }
        }
    }

    /// <summary>As <see cref="Points"/>, neighbours taken together until there are at most so many.</summary>
    /// <param name="most">How many points at most.</param>
    public IReadOnlyList<TrainingPoint> PointsAtMost(int most)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(most, 1);
        IReadOnlyList<TrainingPoint> all = Points;
        int together = (all.Count + most - 1) / most;
        return together <= 1 ? all : [.. all.Chunk(together).Select(chunk => chunk.Aggregate((first, next) => first.With(next)))];
    }

    /// <summary>How the model did on the validation data, epoch by epoch.</summary>
    public IReadOnlyList<EpochEvaluation> Evaluations
    {
        get
        {
            lock (gate)
            {
                return [.. evaluations];
            }
        }
    }

    /// <summary>The last step; null before the first.</summary>
    public TrainingStep? Last => Read(() => last);

    /// <summary>How many steps were made.</summary>
    public long StepCount => Read(() => last?.Step ?? 0);

    /// <summary>How many rows were learned from.</summary>
    public long ExampleCount => Read(() => examples);

    /// <summary>How long the steps took, with their waits for data; time between them does not count.</summary>
    public TimeSpan Duration => Read(() => duration);

    /// <summary>How long the steps waited for data.</summary>
    public TimeSpan DataWait => Read(() => dataWait);

    /// <summary>Examples learned from per second, over the whole run.</summary>
    public double ExamplesPerSecond => Read(() => examples / Math.Max(duration.TotalSeconds, 1e-9));

    /// <summary>The run in one line.</summary>
    public override string ToString() => Last is { } step
        ? string.Create(
            CultureInfo.InvariantCulture,
            $"{step.Step:N0} steps, loss {step.Loss:G4}, {ExamplesPerSecond:N0} examples/s{(Evaluations is [.., var at] ? $"; validation: {at.Result}" : "")}")
        : "no steps yet";

    internal void Add(TrainingStep step)
    {
        lock (gate)
        {
            last = step;
            duration += step.Duration;
            dataWait += step.DataWait;
            examples += step.ExampleCount;
            open = open is null ? TrainingPoint.Of(step) : open.With(TrainingPoint.Of(step));
            if (open.StepCount < stepsPerPoint)
            {
                return;
            }

            points.Add(open);
            open = null;
            if (points.Count == Capacity)
            {
                for (int pair = 0; pair < Capacity / 2; pair++)
                {
                    points[pair] = points[2 * pair].With(points[(2 * pair) + 1]);
                }

                points.RemoveRange(Capacity / 2, Capacity / 2);
                stepsPerPoint *= 2;
            }
        }
    }

    internal void Add(EpochEvaluation evaluation)
    {
        lock (gate)
        {
            evaluations.Add(evaluation);
        }
    }

    private T Read<T>(Func<T> read)
    {
        lock (gate)
        {
            return read();
        }
    }
}
