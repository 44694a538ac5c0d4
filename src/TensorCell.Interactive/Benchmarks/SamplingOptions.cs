using TensorCell.Interactive.Magics;

namespace TensorCell.Interactive.Benchmarks;

/// <summary>The options that <c>#!bench</c> and <c>#!compare</c> share.</summary>
internal static class SamplingOptions
{
    /// <summary>The plan they ask for.</summary>
    public static SamplingPlan Plan(int? runs, int? warmup) =>
        SamplingPlan.Default with { Samples = runs, WarmUpRuns = warmup };

    /// <exception cref="MagicException">A number is out of range, or no variable can have the name.</exception>
    public static void Check(string magic, string name, int? runs, int? warmup)
    {
        if (runs < 1)
        {
            Throw.Magic($"{magic} --runs {runs}: at least one sample must be taken; write --runs 20, or leave it out");
        }

        if (warmup < 0)
        {
            Throw.Magic($"{magic} --warmup {warmup}: the number of runs before the first sample must be 0 or more; leave it out to warm up until stable");
        }

        if (!VariableName.IsValid(name))
        {
            Throw.Magic($"{magic} --name {name}: the result is kept in a variable, and {name} is no C# name; write --name {Suggested(name)}");
        }
    }

    private static string Suggested(string name)
    {
        var letters = string.Concat(name.Select(character => char.IsLetterOrDigit(character) ? character : '_')).Trim('_');
        return letters.Length == 0 ? "result" : char.IsLetter(letters[0]) ? letters : "bench_" + letters;
    }
}
