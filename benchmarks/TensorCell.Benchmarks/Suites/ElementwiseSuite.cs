using System.Globalization;

namespace TensorCell.Benchmarks.Suites;

/// <summary>Fused elementwise chains and reductions over arrays far larger than the caches.</summary>
public sealed class ElementwiseSuite : ISuite
{
    private const int Elements = 16_000_000;
    private const int SquareElements = 10_000_000;
    private const int SoftmaxRows = 4096;

    /// <inheritdoc/>
    public string Name => "elementwise";

    /// <inheritdoc/>
    public string Description => "fused elementwise chains and reductions against C with libmvec, Numba, NumPy and PyTorch";

    /// <inheritdoc/>
    public IEnumerable<BenchmarkCase> Cases(SuiteOptions options)
    {
        var threads = Environment.ProcessorCount;
        BenchmarkCase Case(string name, string[] arguments, double bytes, Target[] targets, bool isLoop = true, bool writes = true) => new(
            name,
            [
                Peers.TensorCell(threads, arguments),
                .. isLoop ? [Peers.C(options, threads, arguments), Peers.Numba(options, threads, arguments)] : Array.Empty<SystemUnderTest>(),
                .. isLoop && writes ? [Peers.Copy(options, threads, bytes)] : Array.Empty<SystemUnderTest>(),
                Peers.PyTorch(options, threads, arguments),
                Peers.NumPy(options, 1, arguments),
            ],
            targets)
        {
            Bytes = bytes,
        };

        yield return Case(
            "tanh(a*x+b)*c + relu(x), 16 M f32",
            ["chain", Text(Elements)],
            8.0 * Elements,
            [Target.AtLeast(1.2, "c-libmvec"), Target.AtLeast(6, "numba"), Target.AtLeast(6, "pytorch")]);
        yield return Case(
            "x*x+1, 10 M f64", ["square", Text(SquareElements)], 16.0 * SquareElements, [Target.AtLeast(0.95, "c-libmvec")]);
        yield return Case("sum, 16 M f32", ["sum", Text(Elements)], 4.0 * Elements, [Target.AtLeast(1, "pytorch")], writes: false);
        yield return Case("mean, 16 M f32", ["mean", Text(Elements)], 4.0 * Elements, [Target.AtLeast(1, "pytorch")], writes: false);
        yield return Case(
            "softmax of rows, 4096 x 4096 f32",
            ["softmax", Text(SoftmaxRows), Text(SoftmaxRows)],
            8.0 * SoftmaxRows * SoftmaxRows,
            [Target.AtLeast(1, "pytorch")],
            isLoop: false);
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
