using Microsoft.CodeAnalysis;

namespace TensorCell.Kernels.Tests.Fuzz;

/// <summary>Random C# methods, compiled as kernels, compute what they compute when they are called.</summary>
[Collection(nameof(EngineSettings))]
public sealed class KernelFuzzTests
{
    private const int PerAssembly = 50;

    [Theory]
    [InlineData(OptimizationLevel.Release, 1)]
    [InlineData(OptimizationLevel.Debug, 2)]
    public void Compute_what_the_method_does(OptimizationLevel level, int seed) => Run(level, seed, 1, mayFail: false, count: 16);

    [Theory]
    [InlineData(OptimizationLevel.Release, 3)]
    [InlineData(OptimizationLevel.Debug, 4)]
    public void Fail_where_the_method_does(OptimizationLevel level, int seed) => Run(level, seed, 1, mayFail: true, count: 10);

    [Theory]
    [Trait("Category", "Long")]
    [InlineData(OptimizationLevel.Release)]
    [InlineData(OptimizationLevel.Debug)]
    public void Compute_what_many_methods_do(OptimizationLevel level)
    {
        var rounds = int.Parse(Environment.GetEnvironmentVariable("TENSORCELL_FUZZ_ROUNDS") ?? "20", null);
        var seed = int.Parse(Environment.GetEnvironmentVariable("TENSORCELL_FUZZ_SEED") ?? "1000", null);
        Run(level, seed, rounds, mayFail: false);
        Run(level, seed + 1_000_000, (rounds + 1) / 2, mayFail: true);
    }

    private static void Run(OptimizationLevel level, int seed, int rounds, bool mayFail, int count = PerAssembly)
    {
        var failures = new Dictionary<string, (int Count, string Text)>();
        for (var round = 0; round < rounds; round++)
        {
            var first = (seed * 1_000) + (round * count);
            var kernels = Enumerable.Range(first, count)
                .Select(number => new KernelGenerator(new Random(number), mayFail).Next($"Fuzz{number}", 4 + (number % 23))).ToList();
            using var assembly = FuzzAssembly.Compile(kernels, level, out var errors);
            Assert.True(assembly is not null, $"The generator wrote no C#:\n{errors}");
            foreach (var (place, kernel) in kernels.Index())
            {
                if (FuzzCheck.Check(assembly, kernel, first + place) is { } wrong)
                {
                    var kind = FuzzCheck.Kind(wrong);
                    failures[kind] = failures.TryGetValue(kind, out var known)
                        ? (known.Count + 1, known.Text)
                        : (1, $"seed {first + place}, {level}: {wrong}{(failures.Count < 8 ? $"\n{SourceShrinker.Shrink(kernel, level, first + place, kind)}" : "")}");
                }
            }
        }

        Assert.True(failures.Count == 0, string.Join("\n\n", failures.Values.OrderByDescending(failure => failure.Count).Select(failure => $"{failure.Count} times: {failure.Text}")));
    }
}
