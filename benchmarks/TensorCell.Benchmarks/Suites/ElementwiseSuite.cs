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
        var all = Environment.ProcessorCount;
        BenchmarkCase Case(int threads, string name, string[] arguments, double bytes, Target[] targets, SystemUnderTest[] others) => new(
            name,
            [
                Peers.TensorCell(threads, arguments),
                .. others,
                Peers.PyTorch(options, threads, arguments),
                Peers.NumPy(options, 1, arguments),
            ],
            targets)
        {
            Bytes = bytes,
        };

        SystemUnderTest[] Loops(int threads, string[] arguments) =>
            [Peers.C(options, threads, arguments), Peers.Numba(options, threads, arguments)];

        // One thread does not reach the memory's limit, so its ratio is of the code alone.
        foreach (var threads in new[] { all, 1 }.Distinct())
        {
            string[] chain = ["chain", Text(Elements)];
            yield return Case(
                threads,
                "tanh(a*x+b)*c + relu(x), 16 M f32" + (threads == 1 ? ", 1 thread" : ""),
                chain,
                8.0 * Elements,
                [Target.AtLeast(1.2, "c-libmvec"), Target.AtLeast(6, "numba"), Target.AtLeast(6, "pytorch")],
                [.. Loops(threads, chain), Peers.Copy(options, threads, 8.0 * Elements)]);
        }

        string[] square = ["square", Text(SquareElements)];
        yield return Case(
            all,
            "x*x+1, 10 M f64",
            square,
            16.0 * SquareElements,
            [Target.AtLeast(0.95, "c-libmvec")],
            [.. Loops(all, square), Peers.Copy(options, all, 16.0 * SquareElements)]);
        foreach (var reduction in (string[])["sum", "mean"])
        {
            string[] arguments = [reduction, Text(Elements)];
            yield return Case(
                all, $"{reduction}, 16 M f32", arguments, 4.0 * Elements, [Target.AtLeast(1, "pytorch")], Loops(all, arguments));
        }

        yield return Case(
            all,
            "softmax of rows, 4096 x 4096 f32",
            ["softmax", Text(SoftmaxRows), Text(SoftmaxRows)],
            8.0 * SoftmaxRows * SoftmaxRows,
            [Target.AtLeast(1, "pytorch")],
            []);
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
