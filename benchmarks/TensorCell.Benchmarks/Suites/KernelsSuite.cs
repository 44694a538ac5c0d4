using System.Globalization;
using System.Runtime.Intrinsics.X86;

namespace TensorCell.Benchmarks.Suites;

/// <summary>Kernels that a user writes, with branches and loops, and how long compiling and launching them takes.</summary>
public sealed class KernelsSuite : ISuite
{
    private const int Pixels = 2048;
    private const int SmallGrid = 1024; // beyond the L2 cache, within the L3
    private const int Grid = 4096; // beyond the L3 cache
    private const int Rows = 4096;
    private const int Columns = 1024;
    private const int Bodies = 8192;
    private const int Options = 4_000_000;

    /// <inheritdoc/>
    public string Name => "kernels";

    /// <inheritdoc/>
    public string Description => "a user's own kernels against scalar C#, Numba and C with hand-written vectors, all threads and one; compiling and launching";

    /// <inheritdoc/>
    public IEnumerable<BenchmarkCase> Cases(SuiteOptions options)
    {
        foreach (var threads in new[] { 1, Environment.ProcessorCount }.Distinct())
        {
            BenchmarkCase Case(string name, double overScalar, string arguments, params string[] others)
            {
                string[] words = arguments.Split(' ');
                string[] vectors = ["c-avx2", .. others, .. Avx512F.IsSupported ? ["c-avx512"] : Array.Empty<string>()];
                Target[] targets = overScalar > 0 ? [Target.AtLeast(overScalar, "csharp-scalar")] : [];
                return new(
                    $"{name}, {threads} thread{(threads == 1 ? "" : "s")}",
                    [
                        Peers.TensorCell(threads, ["kernel", .. words]),
                        Peers.ScalarCSharp(threads, words),
                        Peers.NumbaKernels(options, threads, words),
                        .. vectors.Select(vector => Peers.HandWrittenC(vector, options, threads, words)),
                    ],
                    [.. targets, Target.AtLeast(0.9, "c-avx2")]);
            }

            yield return Case("Mandelbrot f32, 2048 x 2048", 6, $"mandelbrot-f32 {Pixels}", "c-avx2-single");
            yield return Case("Mandelbrot f64, 2048 x 2048", 3.5, $"mandelbrot-f64 {Pixels}", "c-avx2-single");
            yield return Case("stencil of 5 points, 1024 x 1024 f32", 3.5, $"stencil5 {SmallGrid}") with { Bytes = 8.0 * SmallGrid * SmallGrid };

            // Memory is the limit here, and the vectors written by hand show how far one can get; the design's bar stands all the same.
            yield return Case("stencil of 5 points, 4096 x 4096 f32", 3.5, $"stencil5 {Grid}") with { Bytes = 8.0 * Grid * Grid };
            yield return Case("stencil of 9 points, 4096 x 4096 f32", 3.5, $"stencil9 {Grid}") with { Bytes = 8.0 * Grid * Grid };
            yield return Case("softmax of rows, 4096 x 1024 f32", 0, $"softmax {Rows} {Columns}") with { Bytes = 8.0 * Rows * Columns };
            yield return Case("all pairs of 8192 bodies, f32", 0, $"nbody {Bodies}") with { Flops = 20.0 * Bodies * Bodies };
            yield return Case("Black-Scholes, 4 M options, f32", 0, $"black-scholes {Options}") with { Bytes = 20.0 * Options };
        }

        foreach (var (name, kernel) in new[]
        {
            ("one line", "elementwise"), ("Mandelbrot", "mandelbrot"), ("stencil of 9 points", "stencil"), ("Black-Scholes", "black-scholes"),
        })
        {
            yield return Latency($"compile a new kernel and launch it first, {name}", 0.01, "compile", kernel);
        }

        yield return Latency("launch of a compiled kernel, 16 x 16 items", 20e-6, "launch", "kernel");
        yield return Latency("launch of a lambda seen before, 16 items", 20e-6, "launch", "lambda");
    }

    private static BenchmarkCase Latency(string name, double seconds, params string[] arguments) => new(
        name, [Peers.TensorCell(Environment.ProcessorCount, ["latency", .. arguments])], [Target.Within(seconds)]);
}
