using System.Globalization;

namespace TensorCell.Benchmarks.Suites;

/// <summary>Square matrix products.</summary>
public sealed class MatmulSuite : ISuite
{
    private const double LongestQuick = 2048;

    /// <inheritdoc/>
    public string Name => "matmul";

    /// <inheritdoc/>
    public string Description => "square matrix products against OpenBLAS, f32 and f64, all threads and one";

    /// <inheritdoc/>
    public IEnumerable<BenchmarkCase> Cases(SuiteOptions options) =>
        from threads in new[] { Environment.ProcessorCount, 1 }.Distinct()
        from dtype in new[] { "float32", "float64" }
        from size in new[] { 512, 1024, 2048, 4096 }
        where !options.IsQuick || size < LongestQuick
        select Case(options, threads, dtype, size);

    private static BenchmarkCase Case(SuiteOptions options, int threads, string dtype, int size)
    {
        string[] arguments = ["matmul", dtype, size.ToString(CultureInfo.InvariantCulture)];
        var openBlas = Peers.OpenBlas(options, threads, arguments);
        var tuned = Peers.OpenBlasTuned(options, threads, arguments);
        SystemUnderTest[] peers = tuned is null ? [openBlas] : [openBlas, tuned];
        return new BenchmarkCase(
            $"matmul {dtype} {size}, {threads} thread{(threads == 1 ? "" : "s")}",
            [Peers.TensorCell(threads, arguments), .. peers],
            [Target.AtLeast(0.97, (tuned ?? openBlas).Name)])
        {
            Flops = 2.0 * size * size * size,
        };
    }
}
