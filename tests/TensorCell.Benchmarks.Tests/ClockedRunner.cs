namespace TensorCell.Benchmarks.Tests;

/// <summary>A system whose runs take the seconds that a test says, and that writes down each turn.</summary>
internal sealed class ClockedRunner(string name, double seconds, double? check, List<string> log) : IRunner
{
    public double? Check => check;

    public long PeakBytes => 1 << 20;

    public IReadOnlyList<double> Run(int times)
    {
        log.Add(name);
        return [.. Enumerable.Repeat(seconds, times)];
    }

    public void Dispose() => log.Add($"end of {name}");
}
