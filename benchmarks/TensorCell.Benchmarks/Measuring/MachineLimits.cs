using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using TensorCell.Kernels;

namespace TensorCell.Benchmarks;

/// <summary>What the machine can do at best with so many threads, measured in a process of its own.</summary>
/// <param name="FlopsFloat32">Fused multiply-adds of f32, in floating-point operations per second.</param>
/// <param name="FlopsFloat64">Fused multiply-adds of f64, in floating-point operations per second.</param>
/// <param name="CopyBytesPerSecond">Bytes read and written per second by copying memory far larger than the caches.</param>
/// <param name="ReadBytesPerSecond">Bytes per second by summing memory far larger than the caches.</param>
public sealed record MachineLimits(double FlopsFloat32, double FlopsFloat64, double CopyBytesPerSecond, double ReadBytesPerSecond)
{
    private static readonly ConcurrentDictionary<int, MachineLimits> measured = [];

    /// <summary>The limits as a line that <see cref="Parse"/> reads.</summary>
    public string Line => string.Create(
        CultureInfo.InvariantCulture, $"{FlopsFloat32:R} {FlopsFloat64:R} {CopyBytesPerSecond:R} {ReadBytesPerSecond:R}");

    /// <summary>The limits with so many threads, measured when first asked for.</summary>
    public static MachineLimits Of(int threads) => measured.GetOrAdd(threads, MeasureIn);

    /// <summary>The limits of this process's threads.</summary>
    public static MachineLimits Measure()
    {
        var limits = Device.Cpu.Limits;
        return new(limits.FlopsFloat32, limits.FlopsFloat64, limits.CopyBytesPerSecond, limits.ReadBytesPerSecond);
    }

    /// <summary>Reads a <see cref="Line"/>.</summary>
    public static MachineLimits Parse(string line) => line.Split(' ').Select(text => double.Parse(text, CultureInfo.InvariantCulture)).ToArray() switch
    {
        [var single, var precise, var copy, var read] => new(single, precise, copy, read),
        _ => throw new FormatException($"no limits: {line}"),
    };

    /// <summary>The share of the limits that a case reaches in so many seconds: of arithmetic or of memory, whichever is nearer.</summary>
    public double Share(BenchmarkCase subject, double seconds)
    {
        var flops = subject.Flops / seconds / (subject.Precision == DType.Float64 ? FlopsFloat64 : FlopsFloat32);
        var bytes = subject.Bytes / seconds / (subject.OnlyReads ? ReadBytesPerSecond : CopyBytesPerSecond);
        return Math.Max(flops, bytes);
    }

    /// <summary>As a person reads them.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{FlopsFloat32 / 1e9:0} and {FlopsFloat64 / 1e9:0} GFLOP/s (f32, f64), copy {CopyBytesPerSecond / 1e9:0.0} GB/s, read {ReadBytesPerSecond / 1e9:0.0} GB/s");

    private static MachineLimits MeasureIn(int threads)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!, [typeof(MachineLimits).Assembly.Location, "limits"]) { RedirectStandardOutput = true };
        start.Environment["TENSORCELL_THREADS"] = threads.ToString(CultureInfo.InvariantCulture);
        using var process = Process.Start(start)!;
        return Parse(process.StandardOutput.ReadToEnd().Trim());
    }
}
