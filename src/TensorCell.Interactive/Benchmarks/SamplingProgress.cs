namespace TensorCell.Interactive.Benchmarks;

/// <summary>How far a measurement is.</summary>
/// <param name="Subject">What is being run.</param>
/// <param name="Phase">What for: <c>warming up</c> or <c>measuring</c>.</param>
/// <param name="Done">How much of the phase is done, from 0 to 1.</param>
/// <param name="Seconds">What a run takes, as far as known.</param>
internal readonly record struct SamplingProgress(string Subject, string Phase, double Done, double Seconds);
