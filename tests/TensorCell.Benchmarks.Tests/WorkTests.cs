using System.Diagnostics;
using System.Globalization;
using TensorCell.Benchmarks.Worker;

namespace TensorCell.Benchmarks.Tests;

/// <summary>What the worker computes is what the peer computes, by the number that both report.</summary>
public sealed class WorkTests
{
    private const string Python = "/usr/bin/python3";

    [Theory]
    [InlineData("elementwise chain 30000")]
    [InlineData("elementwise square 30000")]
    [InlineData("elementwise relu 100 300")]
    [InlineData("elementwise add 100 300")]
    [InlineData("elementwise small 10")]
    [InlineData("elementwise int32 30000")]
    [InlineData("elementwise uint8 30000")]
    [InlineData("elementwise float16 30000")]
    [InlineData("reductions sum 30000")]
    [InlineData("reductions mean 30000")]
    [InlineData("reductions max 30000")]
    [InlineData("reductions argmax 30000")]
    [InlineData("reductions sum-axis-0 100 300")]
    [InlineData("reductions sum-axis-1 100 300")]
    [InlineData("reductions var 30000")]
    [InlineData("reductions std-axis-1 100 300")]
    [InlineData("reductions softmax 100 300")]
    [InlineData("reductions logsoftmax 100 300")]
    [InlineData("reductions cumsum 100 300")]
    [InlineData("reductions sort 100 300")]
    [InlineData("reductions topk 100 300 7")]
    [InlineData("matmul product float32 1 30 40 50 0 0")]
    [InlineData("matmul product float64 1 30 40 50 1 1")]
    [InlineData("matmul product float32 3 30 40 50 0 1")]
    [InlineData("matmul gram float32 30 40")]
    [InlineData("nn linear 30 40 50")]
    [InlineData("nn linear-training 30 40 50")]
    [InlineData("nn layernorm 40 100")]
    [InlineData("nn rmsnorm 40 100")]
    [InlineData("nn batchnorm 40 100")]
    [InlineData("nn groupnorm 2 12 10 9 4")]
    [InlineData("nn conv 2 3 20 30 5 3 1")]
    [InlineData("nn conv 2 3 20 30 5 3 0")]
    [InlineData("nn maxpool 2 3 20 30 2")]
    [InlineData("nn attention 2 50 16")]
    [InlineData("nn causal-attention 2 50 16")]
    [InlineData("nn embedding 100 20 50")]
    public void NumPy_and_the_worker_agree(string subject)
    {
        Assert.SkipUnless(File.Exists(Python), $"{Python} is not there");
        var words = subject.Split(' ');
        ProcessStartInfo start = new(Python, [Path.Combine(Repository(), "benchmarks", "peers", $"{words[0]}_numpy.py"), .. words[1..]])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        start.Environment["PYTHONDONTWRITEBYTECODE"] = "1";
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var work = TensorWork.Create(words).Check()!.Value;
        var answer = process.StandardOutput.ReadToEnd().Split(' ', 2);
        Assert.SkipWhen(answer[0] == "missing", answer[^1]);
        Assert.Equal(double.Parse(answer[1], CultureInfo.InvariantCulture), work, 1e-4 * Math.Abs(work));
    }

    [Fact]
    public void An_unknown_case_is_named() =>
        Assert.Equal("no case is called sorting", Assert.Throws<ArgumentException>(() => TensorWork.Create(["reductions", "sorting", "10"])).Message);

    private static string Repository()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Extension.sln")))
        {
            folder = Path.GetDirectoryName(folder)!;
        }

        return folder;
    }
}
