using System.Globalization;
using TensorCell.Inference;

namespace TensorCell.Benchmarks.Suites;

/// <summary>
/// How TensorCell and its peers are started, each tuned as PEERS.md found it fastest. A case is given to all in the same words; the
/// first names its suite, and with it the program or script.
/// </summary>
public static class Peers
{
    private const string Python = "/usr/bin/python3";
    private const string Node = "/usr/bin/node";
    private static readonly Dictionary<string, string> untuned = [];

    /// <summary>TensorCell in a process of its own.</summary>
    public static SystemUnderTest TensorCell(int threads, params string[] words) => Worker(SystemUnderTest.TensorCell, threads, words);

    /// <summary>Plain C# loops, compiled outside cells, in a process of their own.</summary>
    public static SystemUnderTest ScalarCSharp(int threads, params string[] words) => Worker("csharp-scalar", threads, ["csharp-scalar", .. words]);

    /// <summary>C with vectors written by hand, from peers/kernels.c.</summary>
    /// <param name="name">The build: <c>c-avx2</c>, <c>c-avx2-single</c> or <c>c-avx512</c>.</param>
    /// <param name="options">Where it lies.</param>
    /// <param name="threads">How many threads it may use.</param>
    /// <param name="words">The case.</param>
    public static SystemUnderTest HandWrittenC(string name, SuiteOptions options, int threads, params string[] words) =>
        Program(name, options, threads, ["kernels-" + name[2..], .. words]);

    /// <summary>Numba's kernels.</summary>
    public static SystemUnderTest NumbaKernels(SuiteOptions options, int threads, params string[] words) =>
        Script("numba", "numba_kernels_peer.py", options, threads, words, untuned);

    /// <summary>C with libmvec and OpenMP, from the C source named like the suite.</summary>
    public static SystemUnderTest C(SuiteOptions options, int threads, params string[] words) => Program("c-libmvec", options, threads, words);

    /// <summary>The memory's limit: C copying bytes, half of them read and half written.</summary>
    public static SystemUnderTest Copy(SuiteOptions options, int threads, double bytes) =>
        Program("memory-copy", options, threads, ["elementwise", "copy", Text((int)(bytes / 2 / sizeof(float)))]);

    /// <summary>Rust with rayon, from peers/rayon.</summary>
    public static SystemUnderTest Rayon(SuiteOptions options, int threads, params string[] words) => new("rayon", threads, () =>
        ProcessRunner.Start(
            "rayon",
            [Path.Combine(options.OutputFolder, "rayon", "target", "release", "rayon-peer"), .. words[1..]],
            new Dictionary<string, string> { ["RAYON_NUM_THREADS"] = Text(threads) }));

    /// <summary>oneDNN through its C++ interface, from peers/onednn.cpp.</summary>
    /// <param name="name">The system's name: <c>onednn</c>, or with the layout of its images.</param>
    /// <param name="options">Where it lies.</param>
    /// <param name="threads">How many threads it may use.</param>
    /// <param name="words">The case.</param>
    public static SystemUnderTest OneDnn(string name, SuiteOptions options, int threads, params string[] words) =>
        Program(name, options, threads, ["onednn", .. words]);

    /// <summary>NumPy.</summary>
    public static SystemUnderTest NumPy(SuiteOptions options, int threads, params string[] words) =>
        Script("numpy", $"{words[0]}_numpy.py", options, threads, words[1..], Tuning.OpenBlas);

    /// <summary>Numba.</summary>
    public static SystemUnderTest Numba(SuiteOptions options, int threads, params string[] words) =>
        Script("numba", $"{words[0]}_numba.py", options, threads, words[1..], untuned);

    /// <summary>PyTorch.</summary>
    public static SystemUnderTest PyTorch(SuiteOptions options, int threads, params string[] words) => PyTorch("pytorch", options, threads, words);

    /// <summary>PyTorch with its images in a layout of its own.</summary>
    public static SystemUnderTest PyTorch(string name, SuiteOptions options, int threads, params string[] words) =>
        Script(name, $"{words[0]}_torch.py", options, threads, words[1..], Tuning.PyTorch);

    /// <summary>OpenBLAS through NumPy, with the kernels it chooses itself.</summary>
    public static SystemUnderTest OpenBlas(SuiteOptions options, int threads, params string[] words) =>
        Script("openblas", $"{words[0]}_numpy.py", options, threads, words[1..], untuned);

    /// <summary>
    /// OpenBLAS through NumPy, made to use its AVX-512 kernels, whichever it would choose; where the processor has no AVX-512, those that
    /// it chooses itself.
    /// </summary>
    public static SystemUnderTest OpenBlasTuned(SuiteOptions options, int threads, params string[] words) =>
        Script("openblas-tuned", $"{words[0]}_numpy.py", options, threads, words[1..], Tuning.OpenBlas);

    /// <summary>ONNX Runtime through its C interface, from peers/onnx.c.</summary>
    /// <param name="options">Where it lies.</param>
    /// <param name="threads">How many threads it may use.</param>
    /// <param name="model">The model.</param>
    /// <param name="values">Its inputs and its output, as peers/onnx.c reads them.</param>
    public static SystemUnderTest OnnxC(SuiteOptions options, int threads, string model, params string[] values) =>
        Program("onnxruntime-c", options, threads, ["onnx", OnnxRuntime.IsAvailable ? OnnxRuntime.Location : "libonnxruntime.so", model, Text(threads), .. values]);

    /// <summary>npm's onnxruntime-node.</summary>
    public static SystemUnderTest OnnxNode(SuiteOptions options, int threads, params string[] words) => new("onnxruntime-node", threads, () =>
        ProcessRunner.Start(
            "onnxruntime-node",
            [Node, Path.Combine(options.Folder, "peers", "onnx_peer.js"), Path.Combine(options.OutputFolder, "node", "node_modules"), .. words, Text(threads)],
            Tuning.KeepMemory));

    /// <summary>A number as a word of a case.</summary>
    public static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static SystemUnderTest Worker(string name, int threads, string[] words) => new(name, threads, () =>
        ProcessRunner.Start(
            name,
            [Environment.ProcessPath!, typeof(Peers).Assembly.Location, "worker", .. words],
            new Dictionary<string, string> { ["TENSORCELL_THREADS"] = Text(threads) }));

    private static SystemUnderTest Program(string name, SuiteOptions options, int threads, string[] words) => new(name, threads, () =>
        ProcessRunner.Start(
            name,
            [Path.Combine(options.OutputFolder, words[0]), .. words[1..]],
            new Dictionary<string, string>(Tuning.KeepMemory) { ["OMP_NUM_THREADS"] = Text(threads), ["OMP_PROC_BIND"] = "true" }));

    private static SystemUnderTest Script(
        string name, string script, SuiteOptions options, int threads, string[] words, IReadOnlyDictionary<string, string> tuning) =>
        new(name, threads, () => ProcessRunner.Start(
            name,
            [Python, Path.Combine(options.Folder, "peers", script), .. words],
            new Dictionary<string, string>([.. Tuning.KeepMemory, .. tuning])
            {
                ["BENCHMARK_THREADS"] = Text(threads),
                ["OMP_NUM_THREADS"] = Text(threads),
                ["OPENBLAS_NUM_THREADS"] = Text(threads),
                ["NUMBA_NUM_THREADS"] = Text(threads),
                ["PYTHONDONTWRITEBYTECODE"] = "1",
            }));
}
