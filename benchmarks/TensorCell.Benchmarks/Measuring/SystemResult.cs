using TensorCell.Interactive.Benchmarks;

namespace TensorCell.Benchmarks;

/// <summary>What one system reached in a case.</summary>
/// <param name="System">The system's name.</param>
/// <param name="Threads">Threads it could use.</param>
/// <param name="Rounds">Its seconds per run: for each round the median of that turn.</param>
/// <param name="Samples">Every run of every round, in seconds.</param>
/// <param name="PeakBytes">The most memory it held.</param>
public sealed record SystemResult(
    string System, int Threads, IReadOnlyList<double> Rounds, IReadOnlyList<double> Samples, long PeakBytes)
{
    /// <summary>Median, quartiles and the rest over all runs.</summary>
    public SampleStatistics Statistics => field ??= SampleStatistics.Of(Samples);
}
