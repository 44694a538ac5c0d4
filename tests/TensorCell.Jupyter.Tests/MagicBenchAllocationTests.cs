using TensorCell.Interactive;

namespace TensorCell.Jupyter.Tests;

/// <summary>What <c>#!bench</c> counts of the whole process, and so alone: other tests allocate too.</summary>
[Collection(nameof(MagicBenchAllocationTests))]
[CollectionDefinition(nameof(MagicBenchAllocationTests), DisableParallelization = true)]
public sealed class MagicBenchAllocationTests : IAsyncDisposable
{
    private readonly SessionHarness harness = new();

    public ValueTask DisposeAsync() => harness.DisposeAsync();

    [Theory]
    [InlineData("new byte[100_000]", 100_000, 101_000)]
    [InlineData("object.ReferenceEquals(null, null);", 0, 100)]
    public async Task Allocations_of_the_body_alone_are_counted(string body, double least, double most)
    {
        await harness.Run($"#!bench --name bench --runs 10 --warmup 2000\n{body}");
        object? bench = harness.Session.Variables.Single(variable => variable.Name == "bench").Value;
        Assert.InRange(Assert.IsType<Benchmark>(bench).AllocatedBytes!.Value, least, most);
    }
}
