using System.Runtime.Intrinsics.X86;

namespace TensorCell.Benchmarks.Suites;

/// <summary>Variables of the environment that make peers as fast as they can be, as PEERS.md found.</summary>
public static class Tuning
{
    /// <summary>Otherwise large results go back to the system after each call and are faulted in again at the next.</summary>
    public static IReadOnlyDictionary<string, string> KeepMemory { get; } = new Dictionary<string, string>
    {
        ["GLIBC_TUNABLES"] = "glibc.malloc.hugetlb=1:glibc.malloc.mmap_max=0:glibc.malloc.trim_threshold=17179869184",
    };

    /// <summary>OpenBLAS's kernels for AVX-512, which Debian's version does not choose on every processor newer than itself.</summary>
    public static IReadOnlyDictionary<string, string> OpenBlas { get; } = WithAvx512("OPENBLAS_CORETYPE", "SkylakeX");

    /// <summary>
    /// PyTorch's own loops in AVX-512, which it does not choose by itself, and one thread pool rather than two: with OpenBLAS built on
    /// OpenMP, PyTorch and its BLAS share theirs.
    /// </summary>
    public static IReadOnlyDictionary<string, string> PyTorch { get; } =
        new Dictionary<string, string>([.. OpenBlas, .. WithAvx512("ATEN_CPU_CAPABILITY", "avx512")])
        {
            ["LD_LIBRARY_PATH"] = "/usr/lib/x86_64-linux-gnu/openblas-openmp",
        };

    private static Dictionary<string, string> WithAvx512(string variable, string value) =>
        Avx512DQ.IsSupported ? new() { [variable] = value } : [];
}
