using System.Text.Json;

namespace TensorCell.Benchmarks;

/// <summary>Writes results as JSON lines, one for each system of each case.</summary>
public static class ResultFile
{
    /// <summary>Appends a case.</summary>
    public static void Write(TextWriter writer, CaseResult result)
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
                ["load_average"] = double.IsNaN(result.LoadAverage) ? null : result.LoadAverage,
                ["busy_share"] = double.IsNaN(result.BusyShare) ? null : result.BusyShare,
            }));
        }

        writer.Flush();
    }
}
