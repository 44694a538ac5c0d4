namespace TensorCell.Benchmarks.Suites;

/// <summary>Attention and the lookup of embeddings, of the suite <c>nn</c>.</summary>
/// <param name="options">Where peers lie.</param>
public sealed class AttentionCases(SuiteOptions options)
{
    private readonly OnnxModels models = new(options);

    /// <summary>The cases.</summary>
    public IEnumerable<BenchmarkCase> All()
    {
        const int Length = 1024, Width = 64, Heads = 8;
        var all = Environment.ProcessorCount;
        foreach (var threads in options.IsQuick ? [all] : new[] { all, 1 }.Distinct())
        {
            var ending = threads == 1 ? ", 1 thread" : "";
            yield return Case(
                $"attention, 1024 x 64{ending}",
                threads,
                $"attention 1 {Length} {Width}",
                1,
                models.Attention(threads, 1, Length, Width, isCausal: false)) with
            {
                Flops = 4.0 * Length * Length * Width,
            };
            yield return Case(
                $"attention, 8 heads x 1024 x 64{ending}",
                threads,
                $"attention {Heads} {Length} {Width}",
                1,
                models.Attention(threads, Heads, Length, Width, isCausal: false)) with
            {
                Flops = 4.0 * Heads * Length * Length * Width,
            };

            // Only what is not masked counts.
            yield return Case(
                $"causal attention, 8 heads x 1024 x 64{ending}",
                threads,
                $"causal-attention {Heads} {Length} {Width}",
                1.8,
                models.Attention(threads, Heads, Length, Width, isCausal: true)) with
            {
                Flops = 2.0 * Heads * Length * (Length + 1) * Width,
            };
        }

        yield return Embedding(32000, 768, 4096);
    }

    private BenchmarkCase Case(string name, int threads, string words, double ratio, SystemUnderTest onnx)
    {
        string[] arguments = ["nn", .. words.Split(' ')];
        return new(
            name,
            [Peers.TensorCell(threads, arguments), onnx, Peers.PyTorch(options, threads, arguments), Peers.NumPy(options, threads, arguments)],
            [Target.AtLeast(ratio, onnx.Name), Target.AtLeast(1, "pytorch")]);
    }

    private BenchmarkCase Embedding(int entries, int width, int count)
    {
        var threads = Environment.ProcessorCount;
        string[] words = ["nn", "embedding", Peers.Text(entries), Peers.Text(width), Peers.Text(count)];
        return new BenchmarkCase(
            $"embedding of {count} in {entries} x {width}",
            [Peers.TensorCell(threads, words), Peers.PyTorch(options, threads, words), Peers.NumPy(options, 1, words)],
            [Target.AtLeast(1, "pytorch"), Target.AtLeast(1, "numpy")]).Moving(8.0 * width * count);
    }
}
