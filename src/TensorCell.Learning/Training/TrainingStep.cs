namespace TensorCell.Learning;

/// <summary>What one step of training did.</summary>
/// <param name="Step">Its number, from 1.</param>
/// <param name="Epoch">The epoch it belongs to, from 0.</param>
/// <param name="Batch">The batch of that epoch it learned from, from 0.</param>
/// <param name="Loss">The loss before the step changed the parameters.</param>
/// <param name="GradientNorm">The Euclidean length of all gradients together, before they were clipped.</param>
/// <param name="LearningRate">How far the optimizer went.</param>
/// <param name="ExampleCount">Rows of the batch.</param>
/// <param name="Duration">How long it took, with the wait for its batch.</param>
/// <param name="DataWait">How long it waited for its batch.</param>
public sealed record TrainingStep(
    long Step,
    int Epoch,
    int Batch,
    double Loss,
    double GradientNorm,
    double LearningRate,
    int ExampleCount,
    TimeSpan Duration,
    TimeSpan DataWait)
{
    /// <summary>Examples learned from per second.</summary>
    public double ExamplesPerSecond => ExampleCount / Math.Max(Duration.TotalSeconds, 1e-9);
}
