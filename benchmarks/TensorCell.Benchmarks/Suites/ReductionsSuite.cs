namespace TensorCell.Benchmarks.Suites;

/// <summary>What folds, scans or normalizes axes of arrays larger than the caches.</summary>
public sealed class ReductionsSuite : ISuite
{
    private const int Elements = 16_000_000;
    private const int Side = 4096;

    /// <inheritdoc/>
    public string Name => "reductions";

    /// <inheritdoc/>
    public string Description => "sums, extremes, variances, softmax, running sums and sorting against C, oneDNN, Numba, PyTorch and NumPy";

    /// <inheritdoc/>
    public IEnumerable<BenchmarkCase> Cases(SuiteOptions options)
    {
        var all = Environment.ProcessorCount;
        BenchmarkCase Case(string name, string[] words, Target[] targets, params SystemUnderTest[] others)
        {
            string[] arguments = ["reductions", .. words];
            return new(
                name,
                [Peers.TensorCell(all, arguments), .. others, Peers.PyTorch(options, all, arguments), Peers.NumPy(options, 1, arguments)],
                targets);
        }

        SystemUnderTest C(string[] words) => Peers.C(options, all, ["reductions", .. words]);
        SystemUnderTest Numba(string[] words) => Peers.Numba(options, all, ["reductions", .. words]);
        SystemUnderTest OneDnn(string[] words) => Peers.OneDnn("onednn", options, all, words);

        foreach (var (name, isWithNumba) in new[] { ("sum", true), ("mean", true), ("max", true), ("argmax", false) })
        {
            string[] words = [name, Peers.Text(Elements)];
            yield return Case($"{name}, 16 M f32", words, AheadOf("c-libmvec"), [C(words), .. isWithNumba ? [Numba(words)] : Array.Empty<SystemUnderTest>()])
                .Moving(4.0 * Elements, onlyReads: true);
        }

        string[] square = [Peers.Text(Side), Peers.Text(Side)];
        foreach (var axis in new[] { 0, 1 })
        {
            string[] words = [$"sum-axis-{axis}", .. square];
            yield return Case($"sum along axis {axis}, 4096 x 4096 f32", words, AheadOf("c-libmvec"), C(words)).Moving(4.0 * Side * Side, onlyReads: true);
        }

        yield return Case("variance, 16 M f32", ["var", Peers.Text(Elements)], AheadOf()).Moving(4.0 * Elements, onlyReads: true);
        yield return Case("standard deviation along axis 1, 4096 x 4096 f32", ["std-axis-1", .. square], AheadOf())
            .Moving(4.0 * Side * Side, onlyReads: true);
        yield return Case(
            "softmax of rows, 4096 x 4096 f32",
            ["softmax", .. square],
            AheadOf("onednn"),
            OneDnn(["softmax", .. square]),
            new OnnxModels(options).Softmax(all, Side, Side)).Moving(8.0 * Side * Side);
        yield return Case("log-softmax of rows, 4096 x 4096 f32", ["logsoftmax", .. square], AheadOf("onednn"), OneDnn(["logsoftmax", .. square]))
            .Moving(8.0 * Side * Side);
        yield return Case("running sum, 16 M f32", ["cumsum", Peers.Text(Elements)], AheadOf()).Moving(8.0 * Elements);
        yield return Case("running sums of rows, 4096 x 4096 f32", ["cumsum", .. square], AheadOf()).Moving(8.0 * Side * Side);
        yield return Case("sort, 1 M f32", ["sort", "1000000"], AheadOf());
        yield return Case("sort of rows, 4096 x 1024 f32", ["sort", "4096", "1024"], AheadOf());
        yield return Case("10 greatest, 16 M f32", ["topk", Peers.Text(Elements), "10"], AheadOf()).Moving(4.0 * Elements, onlyReads: true);
        yield return Case("10 greatest of rows, 1000 x 10000 f32", ["topk", "1000", "10000", "10"], AheadOf()).Moving(4e7, onlyReads: true);
    }

    /// <summary>Ahead of PyTorch and oneDNN, and as near to C as its memory's limit lets one.</summary>
    private static Target[] AheadOf(string? peer = null) => peer switch
    {
        null => [Target.AtLeast(1, "pytorch"), Target.AtLeast(1, "numpy")],
        "c-libmvec" => [Target.AtLeast(1, "pytorch"), Target.AtLeast(0.95, peer)],
        _ => [Target.AtLeast(1, "pytorch"), Target.AtLeast(1, peer)],
    };
}
