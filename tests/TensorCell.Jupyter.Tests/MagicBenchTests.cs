using TensorCell.Interactive;
using TensorCell.Interactive.Python;
using TensorCell.Jupyter.Sessions;

namespace TensorCell.Jupyter.Tests;

/// <summary><c>#!bench</c> and <c>#!compare</c> in a real session; nothing is asserted of how long anything takes.</summary>
public sealed class MagicBenchTests : IAsyncDisposable
{
    private const string Quick = "--runs 5 --warmup 3";
    private readonly SessionHarness harness = new();

    public ValueTask DisposeAsync() => harness.DisposeAsync();

    private T Variable<T>(string name) => Assert.IsType<T>(harness.Session.Variables.Last(variable => variable.Name == name).Value);

    private static string Final(SessionRecorder output) => output.Updates.Last().Bundle.Data["text/plain"];

    [Fact]
    public async Task A_bench_is_shown_in_place_and_kept()
    {
        var output = await harness.Run($"int n = 100;\n#!bench --name sums {Quick}\nEnumerable.Range(0, n).Sum()");
        Assert.Single(output.Displays);
        Assert.Equal(output.Displays.First().Id, output.Updates.Last().Id);
        Assert.StartsWith("sums (C#)", Final(output));
        Assert.Contains("text/html", output.Updates.Last().Bundle.Data.Keys);
        var bench = Variable<Benchmark>("sums");
        Assert.Equal(("sums", "C#", 5, 3L), (bench.Name, bench.Language, bench.Samples.Count, bench.WarmUpRuns));
        Assert.Equal("Enumerable.Range(0, n).Sum()", bench.Code.Trim());
        Assert.All(bench.Samples, seconds => Assert.True(seconds > 0));
        Assert.Equal("5", (await harness.Run("sums.Samples.Count")).ValueText);
    }

    [Fact]
    public async Task Without_numbers_it_warms_up_until_stable()
    {
        await harness.Run("#!bench\nMath.Sqrt(2.0)");
        var bench = Variable<Benchmark>("bench");
        Assert.True(bench.WarmUpRuns >= 30);
        Assert.True(bench.Repetitions > 100);
        Assert.True(bench.OverheadSeconds > 0);
        Assert.InRange(bench.Samples.Count, 10, 100);
    }

    [Fact]
    public async Task The_last_runs_variables_join_the_session_and_its_prints_come_once()
    {
        await harness.Run("int count = 0;");
        var output = await harness.Run($"#!bench {Quick}\ncount++;\nvar seen = count;\nConsole.WriteLine($\"run {{count}}\");\ndisplay(count);");
        Assert.Equal("run 1\n", output.Out);
        Assert.Equal(2, output.Displays.Count);
        var count = Variable<int>("count");
        Assert.True(count >= 8);
        Assert.Equal(count, Variable<int>("seen"));
    }

    [Fact]
    public async Task Only_the_value_and_the_assigned_tensors_are_computed()
    {
        await harness.Run("using TensorCell.Tensors;\nvar x = Tensor.Arange(1000);\nvar other = x + 1f;");
        await harness.Run($"#!bench {Quick}\nvar y = x * 2f;\n(y + 1f).Sum()");
        Assert.Equal("False", (await harness.Run("y.IsPending.ToString()")).ValueText);
        Assert.Equal("True", (await harness.Run("other.IsPending.ToString()")).ValueText);
    }

    [Fact]
    public async Task Stated_work_gives_rates()
    {
        await harness.Run($"int n = 10;\n#!bench --name f --flops \"2.0 * n * n\" --bytes 4e3 {Quick}\nSystem.Threading.Thread.SpinWait(1000);");
        var bench = Variable<Benchmark>("f");
        Assert.Equal((200.0, 4000.0, false), (bench.Flops!.Value, bench.Bytes!.Value, bench.IsTraced));
        Assert.NotNull(bench.ShareOfFlops);
        Assert.NotNull(bench.ShareOfBandwidth);
        Assert.Contains("neither a number nor C#", (await harness.Fail($"#!bench --flops \"n + \" {Quick}\n1")).Message);
        Assert.Contains("0 or more", (await harness.Fail($"#!bench --bytes -3 {Quick}\n1")).Message);
    }

    [Fact]
    public async Task The_engines_own_count_gives_rates()
    {
        await harness.Run($"using TensorCell.Tensors;\nvar a = Tensor.Random(1).Uniform((64, 64));\na.Realize();\n#!bench --name m {Quick}\na.MatMul(a)");
        var bench = Variable<Benchmark>("m");
        Assert.True(bench.IsTraced);
        Assert.Equal(2.0 * 64 * 64 * 64, bench.Flops);
        Assert.Equal("cpu", bench.Roof!.Device);
    }

    [Fact]
    public async Task What_is_left_undone_is_noted()
    {
        await harness.Run($"#!bench --name lazy {Quick}\nEnumerable.Range(0, 9).Select(i => i * i)");
        Assert.Contains(Variable<Benchmark>("lazy").Notes, note => note.Contains("not enumerated"));
    }

    [Fact]
    public async Task An_exception_of_the_body_ends_the_bench()
    {
        var error = await harness.Fail("int zero = 0;\n#!bench\n1 / zero");
        Assert.Equal("DivideByZeroException", error.Name);
        Assert.DoesNotContain(harness.Session.Variables, variable => variable.Name == "bench");
    }

    [Theory]
    [InlineData("System.Threading.Thread.Sleep(3);")]
    [InlineData("for (int i = 0; i < 300_000; i++) { }")]
    [InlineData("await Task.Delay(3);")]
    public async Task Samples_taken_before_an_interrupt_are_kept(string body)
    {
        var output = new SessionRecorder();
        var running = harness.Session.ExecuteAsync(
            $"#!bench --name cut --runs 1000000 --warmup 2\n{body}", output, false, TestContext.Current.CancellationToken);
        // The first may come before the first sample, the second cannot.
        while (output.Updates.Count(update => update.Bundle.Data["text/plain"].Contains("measuring")) < 2)
        {
            Assert.False(running.IsCompleted);
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }

        harness.Session.Interrupt();
        var outcome = await running;
        Assert.Equal("Interrupted", outcome.Error!.Name);
        var bench = Variable<Benchmark>("cut");
        Assert.True(bench.IsInterrupted);
        Assert.NotEmpty(bench.Samples);
        Assert.StartsWith("cut (C#)", Final(output));
        Assert.Equal("2", (await harness.Run("1 + 1")).ValueText);
    }

    [Fact]
    public async Task Sections_and_earlier_benches_are_compared()
    {
        await harness.Run($"int n = 1000;\n#!bench --name linq {Quick}\nEnumerable.Range(0, n).Sum()");
        var output = await harness.Run(
            $"#!compare linq --baseline loop --name race {Quick}\nvar limit = n;\n//% loop\nint sum = 0; for (int i = 0; i < limit; i++) sum += i; sum\n//% formula\nlimit * (limit - 1) / 2");
        var race = Variable<Comparison>("race");
        Assert.Equal(["linq", "loop", "formula"], race.Sides.Select(side => side.Name));
        Assert.Equal("loop", race.Baseline);
        Assert.All(race.Sides, side => Assert.Equal(5, side.Samples.Count));
        Assert.Equal(1, race.Ratios[1].Time);
        Assert.All(race.Ratios, ratio => Assert.True(ratio.Interval.Low <= ratio.Interval.High));
        Assert.Contains("linq", Final(output));
        Assert.Equal("3", (await harness.Run("race.Sides.Count")).ValueText);
    }

    [Fact]
    public async Task Python_takes_part_on_the_same_data()
    {
        await NeedNumPyAsync();
        await harness.Run("using TensorCell.Tensors;\nvar x = Tensor.Arange(100);\nx.Realize();");
        var output = await harness.Run(
            $"#!compare --baseline numpy {Quick}\n//% tensorcell\nx * x + 1f\n#!python numpy\nassert x.shape == (100,) and x.dtype == 'float32'\ny = x * x + 1\nprint('once')");
        var comparison = Variable<Comparison>("comparison");
        Assert.Equal([("tensorcell", "C#"), ("numpy", "Python")], comparison.Sides.Select(side => (side.Name, side.Language)));
        Assert.Null(comparison["numpy"].AllocatedBytes);
        Assert.Equal("once\n", output.Out);
        output = await harness.Run("#!python\nfloat(y[3])");
        Assert.Equal("10.0", output.Displays.Single().Bundle.Data["text/plain"]);
        output = await harness.Run($"#!bench --name py {Quick}\n#!python\nx.sum()");
        Assert.Equal("Python", Variable<Benchmark>("py").Language);
        await harness.Run($"#!compare py --name again {Quick}\n//% cs\nx.Sum()");
        Assert.Equal(["py", "cs"], Variable<Comparison>("again").Sides.Select(side => side.Name));
    }

    [Fact]
    public async Task A_Python_side_that_lacks_a_module_is_left_out()
    {
        await NeedNumPyAsync();
        await harness.Run(
            $"#!compare --baseline absent {Quick}\n#!python absent\nimport no_such_module\n//% first\nvar y = 1;\n#!python present\ny = 1");
        var comparison = Variable<Comparison>("comparison");
        Assert.Equal(["first", "present"], comparison.Sides.Select(side => side.Name));
        Assert.Contains("left out absent: No module named 'no_such_module'", comparison.Notes);
        Assert.Contains("absent was to be the baseline; first is instead", comparison.Notes);
        var error = await harness.Fail($"#!compare {Quick}\n#!python a\nimport no_such_module\n#!python b\nimport nor_this");
        Assert.Equal("ModuleNotFoundError", error.Name);
    }

    [Fact]
    public async Task An_error_of_the_Python_side_is_shown_as_Python_shows_it()
    {
        await NeedNumPyAsync();
        var error = await harness.Fail($"#!compare {Quick}\n//% a\n1 + 1\n#!python b\n\n1 / 0");
        Assert.Equal("ZeroDivisionError", error.Name);
        Assert.Contains(error.Traceback, line => line.Contains("line 6"));
    }

    private static async Task NeedNumPyAsync()
    {
        try
        {
            await using var python = await PythonProcess.StartAsync();
            Assert.SkipWhen(python.NumPyVersion is null, "this Python has no NumPy");
        }
        catch (PythonMissingException exception)
        {
            Assert.Skip(exception.Message);
        }
    }
}
