using System.Globalization;
using TensorCell.Interactive.Formatting;

namespace TensorCell.Benchmarks;

/// <summary>Writes results as a person reads them.</summary>
public static class ResultTable
{
    /// <summary>Writes the head of a suite.</summary>
    public static void WriteHead(TextWriter writer, ISuite suite)
    {
        writer.WriteLine();
        writer.WriteLine($"{suite.Name}: {suite.Description}");
        writer.WriteLine($"{"",-26}{"median",11}{"IQR",11}{"rate",16}{"of limit",10}{"peak",11}  speed of tensorcell against it [quartiles]");
    }

    /// <summary>Writes one case.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="result">What was measured.</param>
    /// <param name="limits">The machine's limits by threads; asked only where the case can be held against them.</param>
    public static void Write(TextWriter writer, CaseResult result, Func<int, MachineLimits> limits)
    {
        writer.WriteLine(result.Case.Name);
        foreach (var system in result.Systems.OrderBy(system => system.Statistics.Median))
        {
            var (times, rate, ratio) = (system.Statistics, Rate(result.Case, system.Statistics.Median), Ratio(result, system));
            var share = result.Case.Share(times.Median, limits) is { } found ? Quantity.Percent(found) : "";
            writer.WriteLine(
                $"  {$"{system.System} ({system.Threads}T)",-24}{Quantity.Seconds(times.Median),11}{Quantity.Seconds(times.InterquartileRange),11}"
                + $"{rate,16}{share,10}{Quantity.Bytes(system.PeakBytes),11}  {ratio}");
        }

        foreach (var target in result.Case.Targets)
        {
            var verdict = target.IsReached(result) switch { true => "reached", false => "NOT REACHED", null => "not measured" };
            writer.WriteLine($"  target {target.Text}: {verdict}");
        }

        foreach (var note in result.Notes)
        {
            writer.WriteLine($"  note: {note}");
        }

        writer.Flush();
    }

    private static string Ratio(CaseResult result, SystemResult system) =>
        system.System != SystemUnderTest.TensorCell && result.RatioTo(system.System) is { } ratio
            ? string.Create(CultureInfo.InvariantCulture, $"{ratio.Median:0.00}x [{ratio.LowerQuartile:0.00} to {ratio.UpperQuartile:0.00}]")
            : "";

    private static string Rate(BenchmarkCase subject, double seconds) =>
        subject.Flops > 0 && subject.Flops >= subject.Bytes ? string.Create(CultureInfo.InvariantCulture, $"{subject.Flops / seconds / 1e9:0.0} GFLOP/s")
        : subject.Bytes > 0 ? string.Create(CultureInfo.InvariantCulture, $"{subject.Bytes / seconds / 1e9:0.0} GB/s")
        : "";
}
