namespace TensorCell.Benchmarks.Tests;

/// <summary>Cases whose systems are no processes.</summary>
internal static class Cases
{
    /// <summary>A system that takes so many seconds.</summary>
    public static SystemUnderTest Takes(string name, double seconds, double? check = 1, List<string>? log = null, int threads = 2) =>
        new(name, threads, () => new ClockedRunner(name, seconds, check, log ?? []));

    /// <summary>A system that is not installed.</summary>
    public static SystemUnderTest Missing(string name) => new(name, 1, () => throw new MissingSystemException("it is not there"));

    /// <summary>Measures systems at a glance.</summary>
    public static CaseResult Measure(Target[] targets, params SystemUnderTest[] systems) =>
        CaseRun.Measure("suite", new BenchmarkCase("case", systems, targets) { MostRounds = 2 }, isQuick: true);

    /// <summary>Limits that are the same for any number of threads.</summary>
    public static MachineLimits Limits(int threads) => new(400e9 * threads / 2, 200e9, 50e9, 40e9);
}
