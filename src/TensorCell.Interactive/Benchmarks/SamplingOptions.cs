namespace TensorCell.Interactive.Benchmarks;

/// <summary>The options of magics that take samples.</summary>
internal static class SamplingOptions
{
    /// <summary>The plan they ask for.</summary>
    public static SamplingPlan Plan(int? runs, int? warmup) =>
        SamplingPlan.Default with { Samples = runs, WarmUpRuns = warmup };

    /// <exception cref="Magics.MagicException">A number is out of range.</exception>
    public static void Check(string magic, int? runs, int? warmup)
    {
        if (runs < 1)
        {
            Throw.Magic($"{magic} --runs {runs}: at least one sample must be taken; write --runs 20, or leave it out");
        }

        if (warmup < 0)
        {
            Throw.Magic($"{magic} --warmup {warmup}: the number of runs before the first sample must be 0 or more; leave it out to warm up until stable");
        }
    }
}
