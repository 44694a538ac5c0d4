namespace TensorCell.Benchmarks.Suites;

/// <summary>The normalizations of the suite <c>nn</c>.</summary>
/// <param name="options">Where peers lie.</param>
public sealed class NormalizationCases(SuiteOptions options)
{
    private readonly int all = Environment.ProcessorCount;

    /// <summary>The cases.</summary>
    public IEnumerable<BenchmarkCase> All()
    {
        const int Rows = 4096, Columns = 1024, Batch = 1024, Features = 512;
        const int Images = 16, Channels = 64, Side = 56, Groups = 8;
        yield return Case(
            "layer norm, 4096 x 1024",
            $"layernorm {Rows} {Columns}",
            8.0 * Rows * Columns,
            "onednn",
            Peers.OneDnn("onednn", options, all, "layernorm", Peers.Text(Rows), Peers.Text(Columns)),
            new OnnxModels(options).LayerNorm(all, Rows, Columns));
        yield return Case("RMS norm, 4096 x 1024", $"rmsnorm {Rows} {Columns}", 8.0 * Rows * Columns);
        yield return Case(
            "batch norm (training), 1024 x 512",
            $"batchnorm {Batch} {Features}",
            8.0 * Batch * Features,
            "onednn",
            Peers.OneDnn("onednn", options, all, "batchnorm", Peers.Text(Batch), Peers.Text(Features)));
        yield return Case(
            "group norm, 16 x 64 x 56 x 56, 8 groups", $"groupnorm {Images} {Channels} {Side} {Side} {Groups}", 8.0 * Images * Channels * Side * Side);
    }

    private BenchmarkCase Case(string name, string words, double bytes, string? rival = null, params SystemUnderTest[] others)
    {
        string[] arguments = ["nn", .. words.Split(' ')];
        return new BenchmarkCase(
            name,
            [Peers.TensorCell(all, arguments), .. others, Peers.PyTorch(options, all, arguments), Peers.NumPy(options, 1, arguments)],
            [Target.AtLeast(1, "pytorch"), .. rival is null ? [] : new[] { Target.AtLeast(1, rival) }]).Moving(bytes);
    }
}
