namespace TensorCell.Benchmarks.Suites;

/// <summary>Steps of training.</summary>
public sealed class TrainingSuite : ISuite
{
    /// <inheritdoc/>
    public string Name => "training";

    /// <inheritdoc/>
    public string Description => "training steps of a multi-layer perceptron 784-512-256-10, batch 128, SGD and Adam, against PyTorch, all threads and one";

    /// <inheritdoc/>
    public IEnumerable<BenchmarkCase> Cases(SuiteOptions options) =>
        from threads in new[] { Environment.ProcessorCount, 1 }.Distinct()
        from optimizer in new[] { "sgd", "adam" }
        select Case(options, threads, optimizer, "128", "784", "512", "256", "10");

    private static BenchmarkCase Case(SuiteOptions options, int threads, string optimizer, params string[] sizes)
    {
        string[] arguments = ["training", optimizer, .. sizes];
        var pytorch = Peers.PyTorch(options, threads, arguments);
        return new BenchmarkCase(
            $"step of an MLP {string.Join('-', sizes[1..])}, batch {sizes[0]}, {optimizer}, {threads} thread{(threads == 1 ? "" : "s")}",
            [Peers.TensorCell(threads, arguments), pytorch],
            [])
        {
            Flops = Flops([.. sizes.Select(int.Parse)]),
        };
    }

    /// <summary>Three products for each layer: forwards, and backwards to its weights and (not for the first) to its input.</summary>
    private static double Flops(int[] sizes)
    {
        var flops = 0.0;
        for (var layer = 1; layer + 1 < sizes.Length; layer++)
        {
            flops += 2.0 * sizes[0] * sizes[layer] * sizes[layer + 1] * (layer == 1 ? 2 : 3);
        }

        return flops;
    }
}
