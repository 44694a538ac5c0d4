using TensorCell.Benchmarks.Worker;

namespace TensorCell.Benchmarks.Suites;

/// <summary>Elementwise operations over arrays far larger than the caches, and one over an array far smaller.</summary>
public sealed class ElementwiseSuite : ISuite
{
    private const int Elements = 16_000_000;
    private const int SquareElements = 10_000_000;
    private const int ReluSide = 4096;
    private const int SumSide = 8192;

    /// <inheritdoc/>
    public string Name => "elementwise";

    /// <inheritdoc/>
    public string Description => "elementwise operations against C with libmvec, rayon, Numba, NumPy, PyTorch and ONNX Runtime";

    /// <inheritdoc/>
    public IEnumerable<BenchmarkCase> Cases(SuiteOptions options)
    {
        var all = Environment.ProcessorCount;
        var models = new OnnxModels(options);

        // One thread does not reach the memory's limit, so its ratio is of the code alone.
        foreach (var threads in options.IsQuick ? [all] : new[] { all, 1 }.Distinct())
        {
            yield return Large(
                options,
                "tanh(a*x+b)*c + relu(x), 16 M f32" + (threads == 1 ? ", 1 thread" : ""),
                threads,
                8.0 * Elements,
                [Target.AtLeast(1.2, "c-libmvec"), Target.AtLeast(6, "numba"), Target.AtLeast(6, "pytorch"), Target.AtLeast(6, "onnxruntime-c")],
                ["chain", Peers.Text(Elements)],
                models.Chain(threads, Elements));
        }

        string[] square = ["square", Peers.Text(SquareElements)];
        yield return Large(
            options,
            "x*x+1, 10 M f64",
            all,
            16.0 * SquareElements,
            [Target.AtLeast(0.95, "c-libmvec"), Target.AtLeast(1, "rayon")],
            square,
            Peers.Rayon(options, all, ["elementwise", .. square]));
        yield return Large(options, "x*(x>0), 4096 x 4096 f32", all, 8.0 * ReluSide * ReluSide, NearC, ["relu", Peers.Text(ReluSide), Peers.Text(ReluSide)]);
        yield return Large(options, "a+b, 8192 x 8192 f32", all, 12.0 * SumSide * SumSide, NearC, ["add", Peers.Text(SumSide), Peers.Text(SumSide)]);
        yield return Large(options, "a*3+b, 16 M i32", all, 12.0 * Elements, NearC, ["int32", Peers.Text(Elements)]);
        yield return Large(options, "a*3+b, 16 M u8", all, 3.0 * Elements, NearC, ["uint8", Peers.Text(Elements)]);
        yield return Large(options, "x*1.25+0.5, 16 M f16", all, 4.0 * Elements, NearC, ["float16", Peers.Text(Elements)]);

        string[] small = ["elementwise", "small", "10"];
        yield return new(
            "100 operations, one by one, on 10 f32",
            [Peers.TensorCell(1, small), Peers.PyTorch(options, 1, small), Peers.NumPy(options, 1, small)],
            [Target.AtLeast(1, "numpy")]);
    }

    /// <summary>Where the memory is the limit, C that writes past the caches is as fast as it gets.</summary>
    private static Target[] NearC => [Target.AtLeast(0.95, "c-libmvec"), Target.AtLeast(1, "pytorch")];

    private static BenchmarkCase Large(
        SuiteOptions options, string name, int threads, double bytes, Target[] targets, string[] words, params SystemUnderTest[] others)
    {
        string[] arguments = ["elementwise", .. words];
        return new BenchmarkCase(
            name,
            [
                Peers.TensorCell(threads, arguments),
                Peers.C(options, threads, arguments),
                Peers.Copy(options, threads, bytes),
                Peers.Numba(options, threads, arguments),
                .. others,
                Peers.PyTorch(options, threads, arguments),
                Peers.NumPy(options, 1, arguments),
            ],
            targets).Moving(bytes);
    }
}
