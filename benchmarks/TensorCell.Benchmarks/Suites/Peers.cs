using System.Globalization;

namespace TensorCell.Benchmarks.Suites;

/// <summary>How TensorCell and its peers are started, each tuned as PEERS.md found it fastest.</summary>
public static class Peers
{
    private const string Python = "/usr/bin/python3";
    private const string Node = "/usr/bin/node";

    // Otherwise large results go back to the system after each call and are faulted in again at the next.
    private const string KeepMemory =
        "glibc.malloc.hugetlb=1:glibc.malloc.mmap_max=0:glibc.malloc.trim_threshold=17179869184";

    // One thread pool rather than two: with OpenBLAS built on OpenMP, PyTorch and its BLAS share theirs.
    private const string OpenMpBlas = "/usr/lib/x86_64-linux-gnu/openblas-openmp";

    /// <summary>TensorCell in a process of its own.</summary>
    public static SystemUnderTest TensorCell(int threads, params string[] arguments) => new(SystemUnderTest.TensorCell, threads, () =>
        ProcessRunner.Start(
            SystemUnderTest.TensorCell,
            [Environment.ProcessPath!, typeof(Peers).Assembly.Location, "worker", .. arguments],
            new Dictionary<string, string> { ["TENSORCELL_THREADS"] = Text(threads) }));

    /// <summary>Plain C# loops, compiled outside cells, in a process of their own.</summary>
    public static SystemUnderTest ScalarCSharp(int threads, params string[] arguments) => new("csharp-scalar", threads, () =>
        ProcessRunner.Start(
            "csharp-scalar",
            [Environment.ProcessPath!, typeof(Peers).Assembly.Location, "worker", "csharp-scalar", .. arguments],
            new Dictionary<string, string> { ["TENSORCELL_THREADS"] = Text(threads) }));

    /// <summary>C with vectors written by hand, from peers/kernels.c.</summary>
    /// <param name="name">The build: <c>c-avx2</c>, <c>c-avx2-single</c> or <c>c-avx512</c>.</param>
    /// <param name="options">Where it lies.</param>
    /// <param name="threads">How many threads it may use.</param>
    /// <param name="arguments">The case.</param>
    public static SystemUnderTest HandWrittenC(string name, SuiteOptions options, int threads, params string[] arguments) =>
        FromC(name, "kernels-" + name[2..], options, threads, arguments);

    /// <summary>Numba's kernels.</summary>
    public static SystemUnderTest NumbaKernels(SuiteOptions options, int threads, params string[] arguments) =>
        PythonPeer("numba", "numba_kernels_peer.py", options, threads, new() { ["NUMBA_NUM_THREADS"] = Text(threads) }, arguments);

    /// <summary>C with libmvec and OpenMP, from peers/elementwise.c.</summary>
    public static SystemUnderTest C(SuiteOptions options, int threads, params string[] arguments) =>
        FromC("c-libmvec", "elementwise", options, threads, arguments);

    /// <summary>The memory's limit: the same C copying bytes, half of them read and half written.</summary>
    public static SystemUnderTest Copy(SuiteOptions options, int threads, double bytes) =>
        FromC("memory-copy", "elementwise", options, threads, "copy", Text((int)(bytes / 2 / sizeof(float))));

    /// <summary>NumPy.</summary>
    public static SystemUnderTest NumPy(SuiteOptions options, int threads, params string[] arguments) =>
        PythonPeer("numpy", "numpy_peer.py", options, threads, [], arguments);

    /// <summary>Numba.</summary>
    public static SystemUnderTest Numba(SuiteOptions options, int threads, params string[] arguments) =>
        PythonPeer("numba", "numba_peer.py", options, threads, new() { ["NUMBA_NUM_THREADS"] = Text(threads) }, arguments);

    /// <summary>PyTorch.</summary>
    public static SystemUnderTest PyTorch(SuiteOptions options, int threads, params string[] arguments) =>
        PythonPeer("pytorch", "torch_peer.py", options, threads, new() { ["LD_LIBRARY_PATH"] = OpenMpBlas }, arguments);

    /// <summary>PyTorch training, its OpenBLAS made to use AVX-512 where there is AVX-512.</summary>
    public static SystemUnderTest PyTorchTraining(SuiteOptions options, int threads, params string[] arguments)
    {
        Dictionary<string, string> environment = new() { ["LD_LIBRARY_PATH"] = OpenMpBlas };
        if (AvxCore() is { } core)
        {
            environment["OPENBLAS_CORETYPE"] = core;
        }

        return PythonPeer("pytorch", "training_peer.py", options, threads, environment, arguments);
    }

    /// <summary>OpenBLAS through NumPy, with the kernels it chooses itself.</summary>
    public static SystemUnderTest OpenBlas(SuiteOptions options, int threads, params string[] arguments) =>
        PythonPeer("openblas", "numpy_peer.py", options, threads, [], arguments);

    /// <summary>
    /// OpenBLAS through NumPy, made to use its AVX-512 kernels, which Debian's version does not choose on processors newer than itself;
    /// null where the processor has no AVX-512.
    /// </summary>
    public static SystemUnderTest? OpenBlasTuned(SuiteOptions options, int threads, params string[] arguments) =>
        AvxCore() is { } core
            ? PythonPeer("openblas-tuned", "numpy_peer.py", options, threads, new() { ["OPENBLAS_CORETYPE"] = core }, arguments)
            : null;

    /// <summary>ONNX Runtime through its C interface, from peers/onnx.c.</summary>
    public static SystemUnderTest OnnxC(SuiteOptions options, int threads, params string[] arguments) => new("onnxruntime-c", threads, () =>
        ProcessRunner.Start(
            "onnxruntime-c",
            [Path.Combine(options.OutputFolder, "onnx"), .. arguments, Text(threads)],
            new Dictionary<string, string> { ["GLIBC_TUNABLES"] = KeepMemory }));

    /// <summary>npm's onnxruntime-node.</summary>
    public static SystemUnderTest OnnxNode(SuiteOptions options, int threads, params string[] arguments) => new("onnxruntime-node", threads, () =>
        ProcessRunner.Start(
            "onnxruntime-node",
            [Node, Path.Combine(options.Folder, "peers", "onnx_peer.js"), Path.Combine(options.OutputFolder, "node", "node_modules"), .. arguments, Text(threads)],
            new Dictionary<string, string> { ["GLIBC_TUNABLES"] = KeepMemory }));

    private static SystemUnderTest FromC(string name, string program, SuiteOptions options, int threads, params string[] arguments) => new(name, threads, () =>
        ProcessRunner.Start(
            name,
            [Path.Combine(options.OutputFolder, program), .. arguments],
            new Dictionary<string, string> { ["OMP_NUM_THREADS"] = Text(threads), ["OMP_PROC_BIND"] = "true" }));

    private static SystemUnderTest PythonPeer(
        string name, string script, SuiteOptions options, int threads, Dictionary<string, string> environment, string[] arguments) =>
        new(name, threads, () => ProcessRunner.Start(
            name,
            [Python, Path.Combine(options.Folder, "peers", script), .. arguments],
            new Dictionary<string, string>(environment)
            {
                ["GLIBC_TUNABLES"] = KeepMemory,
                ["BENCHMARK_THREADS"] = Text(threads),
                ["OMP_NUM_THREADS"] = Text(threads),
                ["OPENBLAS_NUM_THREADS"] = Text(threads),
                ["PYTHONDONTWRITEBYTECODE"] = "1",
            }));

    private static string? AvxCore()
    {
        var flags = OperatingSystem.IsLinux() && File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("flags")) is { } line
            ? line.Split(' ')
            : [];
        return flags.Contains("avx512_bf16") ? "Cooperlake" : flags.Contains("avx512dq") ? "SkylakeX" : null;
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
