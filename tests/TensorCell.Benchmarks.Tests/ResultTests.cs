using System.Text.Json;
using TensorCell.Kernels;

namespace TensorCell.Benchmarks.Tests;

public sealed class ResultTests
{
    private static readonly CaseResult result = new(
        "matmul",
        new BenchmarkCase(
            "matmul f32 1024",
            [Cases.Takes("tensorcell", 1), Cases.Takes("numpy", 1), Cases.Takes("c", 1)],
            [Target.AtLeast(1.5, "numpy"), Target.AtLeast(0.97, "c"), Target.AtLeast(1, "pytorch"), Target.Within(0.5)])
        {
            Flops = 200e9,
        },
        [Taking("tensorcell", 1), Taking("numpy", 2), Taking("c", 0.8)],
        ["pytorch is missing: it is not there"],
        LoadAverage: 0.5,
        BusyShare: double.NaN);

    [Fact]
    public void The_table_shows_median_rate_share_ratio_targets_and_notes()
    {
        StringWriter text = new();
        ResultTable.Write(text, result, Cases.Limits);
        var lines = text.ToString().Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal("matmul f32 1024", lines[0]);
        Assert.Matches(@"^  c \(2T\) +800 ms +0\.00 s +250\.0 GFLOP/s +63 % +1\.00 MiB  0\.80x \[0\.80 to 0\.80\]$", lines[1]);
        Assert.Matches(@"^  tensorcell \(2T\) +1\.00 s +0\.00 s +200\.0 GFLOP/s +50 % +1\.00 MiB *$", lines[2]);
        Assert.Matches(@"2\.00x", lines[3]);
        Assert.Equal(
            [
                "  target >= 1.5x numpy: reached", "  target >= 0.97x c: NOT REACHED", "  target >= 1x pytorch: not measured", "  target < 500 ms: NOT REACHED",
                "  note: pytorch is missing: it is not there",
            ],
            lines[4..]);
    }

    [Fact]
    public void The_tally_lists_what_was_missed_and_by_how_much()
    {
        Tally tally = new();
        tally.Add(result);
        StringWriter text = new();
        tally.Write(text);
        var lines = text.ToString().Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(
            [
                "targets: 1 reached, 2 not reached, 1 not measured", "  matmul, matmul f32 1024: >= 0.97x c, is 0.800x",
                "  matmul, matmul f32 1024: < 500 ms, is 1.00 s",
            ],
            lines);
    }

    [Fact]
    public void The_file_has_a_line_for_each_system()
    {
        StringWriter text = new();
        ResultFile.Write(text, result, Cases.Limits);
        var lines = text.ToString().Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement).ToArray();
        Assert.Equal(["tensorcell", "numpy", "c"], lines.Select(line => line.GetProperty("system").GetString()));
        Assert.Equal(0.5, lines[0].GetProperty("share_of_limit").GetDouble());
        Assert.True(lines[0].GetProperty("targets").GetProperty(">= 1.5x numpy").GetBoolean());
        Assert.Equal(JsonValueKind.Null, lines[0].GetProperty("targets").GetProperty(">= 1x pytorch").ValueKind);
        Assert.Equal(2, lines[1].GetProperty("tensorcell_speed").GetDouble());
        Assert.Equal(JsonValueKind.Null, lines[1].GetProperty("busy_share").ValueKind);
    }

    [Fact]
    public void The_nearer_limit_counts()
    {
        var limits = Cases.Limits(2);
        BenchmarkCase subject = new("case", [], []) { Flops = 100e9, Bytes = 20e9 };
        Assert.Equal(0.4, limits.Share(subject, 1), 1e-12); // 20 of 50 GB/s
        Assert.Equal(0.5, limits.Share(subject with { OnlyReads = true }, 1), 1e-12); // 20 of 40 GB/s
        Assert.Equal(0.5, limits.Share(subject with { Precision = DType.Float64 }, 1), 1e-12); // 100 of 200 GFLOP/s
        Assert.Equal(limits, MachineLimits.Parse(limits.Line));
    }

    private static SystemResult Taking(string name, double seconds) => new(name, 2, [seconds, seconds], [seconds, seconds, seconds], 1 << 20);
}
