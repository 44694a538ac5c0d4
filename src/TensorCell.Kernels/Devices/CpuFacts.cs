using System.Globalization;
using System.Runtime.InteropServices;

namespace TensorCell.Kernels;

/// <summary>What the system tells of the processor.</summary>
internal static class CpuFacts
{
    private const string CacheFolder = "/sys/devices/system/cpu/cpu0/cache";

    /// <summary>The model name, or the architecture where the system does not tell.</summary>
    public static string ModelName()
    {
        if (OperatingSystem.IsLinux() && File.Exists("/proc/cpuinfo"))
        {
            var line = File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal));
            if (line is not null)
            {
                return line[(line.IndexOf(':') + 1)..].Trim();
            }
        }

        return Environment.GetEnvironmentVariable("PROCESSOR_IDENTIFIER") ?? $"{RuntimeInformation.ProcessArchitecture} processor";
    }

    /// <summary>The data caches that the first core sees, nearest first; typical sizes where the system does not tell.</summary>
    public static IReadOnlyList<CacheLevel> Caches()
    {
        var found = OperatingSystem.IsLinux() && Directory.Exists(CacheFolder)
            ? Directory.GetDirectories(CacheFolder, "index*").Select(ReadCache).OfType<CacheLevel>().OrderBy(cache => cache.Level).ToArray()
            : [];
        return found.Length > 0
            ? found
            : [new(1, 32 << 10, 1), new(2, 512 << 10, 1), new(3, 16 << 20, Environment.ProcessorCount)];
    }

    private static CacheLevel? ReadCache(string folder)
    {
        string? Field(string name)
        {
            var path = Path.Combine(folder, name);
            return File.Exists(path) ? File.ReadAllText(path).Trim() : null;
        }

        if (Field("type") is not ("Data" or "Unified") || !int.TryParse(Field("level"), CultureInfo.InvariantCulture, out var level))
        {
            return null;
        }

        return Bytes(Field("size")) is { } bytes ? new CacheLevel(level, bytes, CountProcessors(Field("shared_cpu_list"))) : null;
    }

    private static long? Bytes(string? size)
    {
        if (string.IsNullOrEmpty(size))
        {
            return null;
        }

        var unit = size[^1] switch { 'K' => 1L << 10, 'M' => 1L << 20, 'G' => 1L << 30, _ => 1L };
        var digits = unit == 1 ? size : size[..^1];
        return long.TryParse(digits, CultureInfo.InvariantCulture, out var count) ? count * unit : null;
    }

    // Such as "0-3,8": ranges and single processors.
    private static int CountProcessors(string? list)
    {
        var count = 0;
        foreach (var part in (list ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            var ends = part.Split('-');
            count += int.TryParse(ends[0], out var first) && int.TryParse(ends[^1], out var last) ? last - first + 1 : 1;
        }

        return Math.Max(count, 1);
    }
}
