using System.Diagnostics;

namespace TensorCell.Interactive.Python;

/// <summary>The C library's memory settings for a Python, so that what is measured is its arithmetic.</summary>
internal static class PythonAllocator
{
    /// <summary>What the settings mean, in one sentence without a full stop.</summary>
    public const string Remark =
        "On Linux, Python keeps the memory it frees and uses huge pages (GLIBC_TUNABLES), so that NumPy need not fetch each large array anew from the system";

    private const string Variable = "GLIBC_TUNABLES";
    private const string Settings = "glibc.malloc.hugetlb=1:glibc.malloc.mmap_max=0:glibc.malloc.trim_threshold=17179869184";

    /// <summary>Adds the settings to those that are already made for a process.</summary>
    public static void Tune(ProcessStartInfo start)
    {
        if (OperatingSystem.IsLinux())
        {
            start.Environment[Variable] = start.Environment.TryGetValue(Variable, out var earlier) && !string.IsNullOrEmpty(earlier)
                ? $"{earlier}:{Settings}"
                : Settings;
        }
    }
}
