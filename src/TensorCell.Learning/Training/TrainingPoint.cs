namespace TensorCell.Learning;

/// <summary>One or several steps of a <see cref="TrainingRun"/>, taken together.</summary>
/// <param name="FirstStep">The number of the first one.</param>
/// <param name="StepCount">How many they are.</param>
/// <param name="Epoch">The epoch of the first one, from 0.</param>
/// <param name="Loss">The mean of their losses.</param>
/// <param name="LowestLoss">The least of their losses.</param>
/// <param name="HighestLoss">The greatest of their losses.</param>
/// <param name="GradientNorm">The mean length of their gradients.</param>
/// <param name="ExampleCount">The rows they learned from.</param>
/// <param name="Duration">How long they took.</param>
/// <param name="DataWait">How long of that they waited for their batches.</param>
public sealed record TrainingPoint(
    long FirstStep,
    int StepCount,
    int Epoch,
    double Loss,
    double LowestLoss,
    double HighestLoss,
    double GradientNorm,
    long ExampleCount,
    TimeSpan Duration,
    TimeSpan DataWait)
{
    /// <summary>The number of the step in their middle.</summary>
    public double MiddleStep => FirstStep + ((StepCount - 1) / 2.0);

    /// <summary>Examples learned from per second.</summary>
    public double ExamplesPerSecond => ExampleCount / Math.Max(Duration.TotalSeconds, 1e-9);

    internal static TrainingPoint Of(TrainingStep step) => new(
        step.Step, 1, step.Epoch, step.Loss, step.Loss, step.Loss, step.GradientNorm, step.ExampleCount, step.Duration, step.DataWait);

    internal TrainingPoint With(TrainingPoint next) => new(
        FirstStep,
        StepCount + next.StepCount,
        Epoch,
        ((Loss * StepCount) + (next.Loss * next.StepCount)) / (StepCount + next.StepCount),
        Math.Min(LowestLoss, next.LowestLoss),
        Math.Max(HighestLoss, next.HighestLoss),
        ((GradientNorm * StepCount) + (next.GradientNorm * next.StepCount)) / (StepCount + next.StepCount),
        ExampleCount + next.ExampleCount,
        Duration + next.Duration,
        DataWait + next.DataWait);
}
