namespace TensorCell.Benchmarks.Suites;

/// <summary>The operations that neural networks are made of.</summary>
public sealed class NeuralSuite : ISuite
{
    /// <inheritdoc/>
    public string Name => "nn";

    /// <inheritdoc/>
    public string Description => "layers of neural networks, forwards and backwards, against oneDNN, ONNX Runtime, PyTorch and NumPy";

    /// <inheritdoc/>
    public IEnumerable<BenchmarkCase> Cases(SuiteOptions options) =>
        [.. new NormalizationCases(options).All(), .. Linear(options), .. new ImageCases(options).All(), .. new AttentionCases(options).All()];

    private static IEnumerable<BenchmarkCase> Linear(SuiteOptions options)
    {
        const int Batch = 128, Width = 512, Outputs = 256;
        var all = Environment.ProcessorCount;
        string[] sizes = [Peers.Text(Batch), Peers.Text(Width), Peers.Text(Outputs)];
        string[] forwards = ["nn", "linear", .. sizes], both = ["nn", "linear-training", .. sizes];
        yield return new BenchmarkCase(
            "linear 512 to 256, batch 128",
            [
                Peers.TensorCell(all, forwards),
                new OnnxModels(options).Linear(all, Batch, Width, Outputs),
                Peers.PyTorch(options, all, forwards),
                Peers.NumPy(options, all, forwards),
            ],
            [Target.AtLeast(1, "onnxruntime-c"), Target.AtLeast(1, "pytorch"), Target.AtLeast(1, "numpy")])
        {
            Flops = 2.0 * Batch * Width * Outputs,
        };
        yield return new BenchmarkCase(
            "linear 512 to 256, batch 128, forwards and backwards",
            [Peers.TensorCell(all, both), Peers.PyTorch(options, all, both), Peers.NumPy(options, all, both)],
            [Target.AtLeast(1, "numpy"), Target.AtLeast(1, "pytorch")])
        {
            Flops = 6.0 * Batch * Width * Outputs,
        };
    }
}
