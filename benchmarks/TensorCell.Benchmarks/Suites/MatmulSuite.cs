using TensorCell.Kernels;

namespace TensorCell.Benchmarks.Suites;

/// <summary>Matrix products: square, skinny, odd, transposed, batched, and with what follows them.</summary>
public sealed class MatmulSuite : ISuite
{
    private const int LongestQuick = 2048;
    private const int LongestQuickSingle = 1024;

    /// <inheritdoc/>
    public string Name => "matmul";

    /// <inheritdoc/>
    public string Description => "matrix products of all shapes against OpenBLAS, oneDNN and PyTorch; squares in f32 and f64, all threads and one";

    /// <inheritdoc/>
    public IEnumerable<BenchmarkCase> Cases(SuiteOptions options) => [.. Squares(options), .. Shapes(options), .. Fused(options), HalfPrecision(options, 1024)];

    private static IEnumerable<BenchmarkCase> Squares(SuiteOptions options)
    {
        var all = Environment.ProcessorCount;
        foreach (var threads in new[] { all, 1 }.Distinct())
        {
            foreach (var dtype in new[] { DType.Float32, DType.Float64 })
            {
                foreach (var size in new[] { 512, 1024, 2048, 4096 })
                {
                    if (!options.IsQuick || (size < LongestQuick && (threads == all || size == LongestQuickSingle)))
                    {
                        yield return Product(options, Named($"matmul {dtype.Name} {size}", threads), dtype, threads, 1, size, size, size);
                    }
                }
            }
        }
    }

    private static IEnumerable<BenchmarkCase> Shapes(SuiteOptions options)
    {
        var all = Environment.ProcessorCount;
        BenchmarkCase Of(int m, int k, int n) => Product(options, $"[{m}, {k}] x [{k}, {n}] f32", DType.Float32, all, 1, m, k, n);
        BenchmarkCase Transposed(string name, bool a, bool b) => Product(options, name, DType.Float32, all, 1, 1024, 1024, 1024, a, b);
        yield return Of(1, 4096, 4096);
        yield return Of(4096, 4096, 1);
        yield return Of(8, 4096, 4096);
        yield return Of(4096, 64, 4096);
        yield return Of(64, 4096, 64);
        yield return Of(1000, 1000, 1000);
        yield return Of(1023, 1025, 1027);
        yield return Product(options, "64 products [128, 128] x [128, 128] f32", DType.Float32, all, 64, 128, 128, 128);
        yield return Transposed("transpose(A) x B, 1024 f32", true, false);
        yield return Transposed("A x transpose(B), 1024 f32", false, true);
        yield return Transposed("transpose(A) x transpose(B), 1024 f32", true, true);
        yield return Gram(options, 512, 512);
        yield return Gram(options, 1, 8192);
    }

    private static IEnumerable<BenchmarkCase> Fused(SuiteOptions options)
    {
        foreach (var (m, k, n) in new[] { (128, 512, 256), (1024, 1024, 4096) })
        {
            var threads = Environment.ProcessorCount;
            string[] sizes = Sizes(1, m, k, n, false, false);
            string[] words = ["matmul", "gelu", "float32", .. sizes];
            yield return new BenchmarkCase(
                $"gelu([{m}, {k}] x [{k}, {n}] + bias) f32",
                [Peers.TensorCell(threads, words), Peers.OneDnn("onednn", options, threads, ["matmul", "float32", .. sizes, "gelu"]), Peers.PyTorch(options, threads, words)],
                [Target.AtLeast(1, "onednn"), Target.AtLeast(1, "pytorch")])
            {
                Flops = 2.0 * m * k * n,
            };
        }
    }

    private static BenchmarkCase HalfPrecision(SuiteOptions options, int size)
    {
        var threads = Environment.ProcessorCount;
        string[] sizes = Sizes(1, size, size, size, false, false), words = ["matmul", "product", "bfloat16", .. sizes];
        return new BenchmarkCase(
            $"matmul bf16 {size}",
            [Peers.TensorCell(threads, words), Peers.OneDnn("onednn", options, threads, ["matmul", "bfloat16", .. sizes]), Peers.PyTorch(options, threads, words)],
            [])
        {
            Flops = 2.0 * size * size * size,
            CheckTolerance = 0.02,
        };
    }

    private static BenchmarkCase Product(
        SuiteOptions options, string name, DType dtype, int threads, int batch, int m, int k, int n, bool isATransposed = false, bool isBTransposed = false)
    {
        string[] sizes = Sizes(batch, m, k, n, isATransposed, isBTransposed);
        string[] words = ["matmul", "product", Word(dtype), .. sizes];
        SystemUnderTest[] oneDnn = dtype == DType.Float32 ? [Peers.OneDnn("onednn", options, threads, ["matmul", Word(dtype), .. sizes])] : [];
        SystemUnderTest[] ownChoice = m == k && k == n && batch == 1 ? [Peers.OpenBlas(options, threads, words)] : [];
        return new BenchmarkCase(
            name,
            [Peers.TensorCell(threads, words), .. ownChoice, Peers.OpenBlasTuned(options, threads, words), .. oneDnn],
            [Target.AtLeast(0.97, "openblas-tuned")])
        {
            Flops = 2.0 * batch * m * k * n,
            Precision = dtype,
            Bytes = (double)dtype.Size * batch * ((m * k) + (k * n) + (m * n)),
            OnlyReads = m * n < (m * k) + (k * n),
        };
    }

    private static BenchmarkCase Gram(SuiteOptions options, int rows, int columns)
    {
        var threads = Environment.ProcessorCount;
        string[] words = ["matmul", "gram", "float32", Peers.Text(rows), Peers.Text(columns)];
        return new BenchmarkCase(
            $"X x transpose(X), X [{rows}, {columns}] f32",
            [Peers.TensorCell(threads, words), Peers.OpenBlasTuned(options, threads, words), Peers.PyTorch(options, threads, words)],
            [Target.AtLeast(0.97, "openblas-tuned")])
        {
            Flops = 2.0 * rows * rows * columns,
        };
    }

    /// <summary>A type as NumPy calls it.</summary>
    private static string Word(DType dtype) => dtype.ToString().ToLowerInvariant();

    private static string Named(string name, int threads) => $"{name}, {threads} thread{(threads == 1 ? "" : "s")}";

    private static string[] Sizes(int batch, int m, int k, int n, bool isATransposed, bool isBTransposed) =>
        [.. new[] { batch, m, k, n, isATransposed ? 1 : 0, isBTransposed ? 1 : 0 }.Select(Peers.Text)];
}
