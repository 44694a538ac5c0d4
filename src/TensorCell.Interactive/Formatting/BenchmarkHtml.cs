using System.Globalization;
using System.Text;

namespace TensorCell.Interactive.Formatting;

/// <summary>A benchmark: its median, what that is of the device's limits, and every sample in a chart.</summary>
internal static class BenchmarkHtml
{
    public static string Write(Benchmark benchmark)
    {
        var html = new StringBuilder("<table><tbody>");
        foreach (var (name, value, share) in Facts(benchmark))
        {
            html.Append($"<tr><th>{Html.Encode(name)}</th><td>{Html.Encode(value)}</td><td>{(share is { } part ? Html.Share(part) : "")}</td></tr>");
        }

        html.Append("</tbody></table>");
        foreach (var note in Notes(benchmark))
        {
            html.Append(Html.Note(note));
        }

        return Html.Output(
            Html.Heading($"{benchmark.Name}: {Quantity.Seconds(benchmark.Median)}", benchmark.Language),
            html.ToString(),
            benchmark.Samples.Count > 1 ? ChartHtml.Write(Samples(benchmark)) : "");
    }

    public static string Text(Benchmark benchmark) => string.Join(
        '\n',
        Facts(benchmark).Select(fact => $"  {fact.Name}: {fact.Value}")
            .Prepend($"{benchmark.Name} ({benchmark.Language}): {Quantity.Seconds(benchmark.Median)}")
            .Concat(Notes(benchmark).Select(note => $"  {note}")));

    private static Figure Samples(Benchmark benchmark) => new Figure
    {
        Traces = [new BoxTrace(ChartValues.From(benchmark.Samples)) { Name = " ", Horizontal = true, ShowPoints = true }],
    }.X("time per run", unit: "s").Size(640, 190);

    private static IEnumerable<(string Name, string Value, double? Share)> Facts(Benchmark benchmark)
    {
        var statistics = benchmark.Statistics;
        var interval = statistics.MedianInterval;
        yield return ("median", $"{Quantity.Seconds(statistics.Median)}   (95 % interval {Quantity.Seconds(interval.Low)} to {Quantity.Seconds(interval.High)})", null);
        yield return ("spread", $"least {Quantity.Seconds(statistics.Minimum)}, quartiles {Quantity.Seconds(statistics.LowerQuartile)} to {Quantity.Seconds(statistics.UpperQuartile)}", null);
        var repetitions = benchmark.Repetitions > 1 ? $" of {benchmark.Repetitions:N0} runs each" : "";
        yield return ("samples", $"{statistics.Count:N0}{repetitions}, after {benchmark.WarmUpRuns:N0} warm-up runs ({Quantity.Seconds(benchmark.WarmUpSeconds)}; the first took {Quantity.Seconds(benchmark.FirstRunSeconds)})", null);
        if (benchmark.AllocatedBytes is { } allocated)
        {
            var collections = benchmark.Collections.Sum() == 0 ? "no collections" : $"collections {string.Join("/", benchmark.Collections)}";
            yield return ("allocated", $"{Quantity.Bytes(allocated)} per run, {collections}", null);
        }

        if (benchmark.FlopsPerSecond is { } flops)
        {
            yield return ("arithmetic", Limited(Quantity.Of(flops, "FLOP/s"), benchmark.ShareOfFlops), benchmark.ShareOfFlops);
        }

        if (benchmark.BytesPerSecond is { } bytes)
        {
            yield return ("bandwidth", Limited(Quantity.Of(bytes, "B/s"), benchmark.ShareOfBandwidth), benchmark.ShareOfBandwidth);
        }
    }

    private static string Limited(string value, double? share) =>
        share is { } part ? string.Create(CultureInfo.InvariantCulture, $"{value}, {Quantity.Percent(part)} of the device's limit") : value;

    private static IEnumerable<string> Notes(Benchmark benchmark) =>
        benchmark.IsInterrupted ? benchmark.Notes.Prepend("interrupted: these are the samples taken until then") : benchmark.Notes;
}
