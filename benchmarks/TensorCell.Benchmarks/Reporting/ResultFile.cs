using System.Text.Json;

namespace TensorCell.Benchmarks;

/// <summary>Writes results as JSON lines, one for each system of each case.</summary>
public static class ResultFile
{
    /// <summary>Appends a case.</summary>
    public static void Write(TextWriter writer, CaseResult result, Func<int, MachineLimits> limits)
    {
        foreach (var system in result.Systems)
        {
            writer.WriteLine(JsonSerializer.Serialize(new Dictionary<string, object?>
            {
                ["suite"] = result.Suite,
                ["case"] = result.Case.Name,
                ["system"] = system.System,
                ["median_s"] = system.Statistics.Median,
                ["iqr_s"] = system.Statistics.InterquartileRange,
                ["runs"] = system.Statistics.Count,
                ["threads"] = system.Threads,
                ["peak_bytes"] = system.PeakBytes,
                ["tensorcell_speed"] = result.RatioTo(system.System)?.Median,
                ["gflops_per_s"] = Rate(result.Case.Flops, system),
                ["gbytes_per_s"] = Rate(result.Case.Bytes, system),
                ["share_of_limit"] = result.Case.Share(system.Statistics.Median, limits),
                ["targets"] = system.System == SystemUnderTest.TensorCell
                    ? result.Case.Targets.ToDictionary(target => target.Text, target => target.IsReached(result))
                    : null,
                ["load_average"] = double.IsNaN(result.LoadAverage) ? null : result.LoadAverage,
                ["busy_share"] = double.IsNaN(result.BusyShare) ? null : result.BusyShare,
            }));
        }

        writer.Flush();
    }

    private static double? Rate(double amount, SystemResult system) => amount > 0 ? amount / system.Statistics.Median / 1e9 : null;
}
