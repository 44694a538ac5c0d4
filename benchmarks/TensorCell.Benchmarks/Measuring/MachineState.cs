using System.Globalization;

namespace TensorCell.Benchmarks;

/// <summary>How idle the machine is: what else runs makes every figure worthless.</summary>
public static class MachineState
{
    private static readonly TimeSpan window = TimeSpan.FromMilliseconds(300);

    /// <summary>The load average over a minute; not-a-number where the system does not tell.</summary>
    public static double LoadAverage() => OperatingSystem.IsLinux()
        ? double.Parse(File.ReadAllText("/proc/loadavg").Split(' ')[0], CultureInfo.InvariantCulture)
        : double.NaN;

    /// <summary>The share of all processors in use during a moment in which this process sleeps; not-a-number where the system does not tell.</summary>
    public static double BusyShare()
    {
        if (!OperatingSystem.IsLinux())
        {
            return double.NaN;
        }

        var before = Times();
        Thread.Sleep(window);
        var after = Times();
        var total = after.Total - before.Total;
        return total == 0 ? 0 : 1 - ((double)(after.Idle - before.Idle) / total);
    }

    private static (long Idle, long Total) Times()
    {
        // cpu user nice system idle iowait irq softirq steal …
        var fields = File.ReadLines("/proc/stat").First()
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)[1..9]
            .Select(text => long.Parse(text, CultureInfo.InvariantCulture)).ToArray();
        return (fields[3] + fields[4], fields.Sum());
    }
}
