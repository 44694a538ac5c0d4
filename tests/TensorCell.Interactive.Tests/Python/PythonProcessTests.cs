using System.Diagnostics;
using TensorCell.Interactive.Magics;
using TensorCell.Interactive.Python;
using TensorCell.Kernels;
using TensorCell.Tensors;

namespace TensorCell.Interactive.Tests.Python;

public sealed class PythonProcessTests : IAsyncLifetime
{
    private readonly List<string> output = [];
    private PythonProcess python = null!;

    private static CancellationToken Soon => TestContext.Current.CancellationToken;

    private string Output => string.Concat(output);

    public async ValueTask InitializeAsync()
    {
        try
        {
            python = await PythonProcess.StartAsync();
        }
        catch (PythonMissingException exception)
        {
            Assert.Skip(exception.Message);
        }
    }

    public ValueTask DisposeAsync() => python?.DisposeAsync() ?? ValueTask.CompletedTask;

    private void NeedNumPy() => Assert.SkipWhen(python.NumPyVersion is null, "this Python has no NumPy");

    private async Task<string?> RunAsync(string code, int firstLine = 1, CancellationToken? cancellation = null)
    {
        var data = await python.RunAsync(code, firstLine, (_, text) => { lock (output) { output.Add(text); } }, cancellation ?? Soon);
        return data.GetValueOrDefault("text/plain");
    }

    [Fact]
    public async Task Keeps_variables_and_gives_the_last_expression()
    {
        Assert.Null(await RunAsync("a = 20\nb = 1"));
        Assert.Equal("21", await RunAsync("a + b"));
        Assert.Equal("22", await RunAsync("_ + 1"));
        Assert.Null(await RunAsync("a;"));
        Assert.Equal("'ä€😀'", await RunAsync("'ä€😀'"));
    }

    [Fact]
    public async Task Streams_what_is_printed_wherever_it_comes_from()
    {
        await RunAsync("import os, sys\nprint('out')\nprint('err', file=sys.stderr)\nos.system('echo child')\nos.write(1, b'native\\n')\nNone");
        Assert.Contains("out\n", Output);
        Assert.Contains("err\n", Output);
        Assert.Contains("child\n", Output);
        Assert.Contains("native\n", Output);
    }

    [Fact]
    public async Task Prints_arrive_while_the_code_runs()
    {
        var printed = new TaskCompletionSource();
        var running = python.RunAsync(
            "import time\nprint('early')\nwhile 'go' not in globals(): time.sleep(0.01)",
            1,
            (_, text) => { if (text.Contains("early")) { printed.TrySetResult(); } },
            new CancellationTokenSource(TimeSpan.FromSeconds(5)).Token);
        await printed.Task.WaitAsync(TimeSpan.FromSeconds(5), Soon);
        Assert.False(running.IsCompleted);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
    }

    [Fact]
    public async Task Large_output_arrives_whole()
    {
        await RunAsync("for i in range(20000): print('line', i)");
        Assert.EndsWith("line 19999\n", Output);
        Assert.Equal(20000, Output.Count(character => character == '\n'));
    }

    [Fact]
    public async Task An_exception_names_the_line_of_the_cell_and_hides_the_harness()
    {
        var error = await Assert.ThrowsAsync<PythonException>(() => RunAsync("def f():\n    return 1 / 0\n\nf()", firstLine: 5));
        Assert.Equal("ZeroDivisionError", error.TypeName);
        Assert.Contains("line 6, in f", error.Message);
        Assert.Contains("return 1 / 0", error.Message);
        Assert.DoesNotContain("<string>", error.Message);
        Assert.DoesNotContain("serve", error.Message);
        Assert.Equal("3", await RunAsync("1 + 2"));
    }

    [Fact]
    public async Task Code_that_does_not_parse_is_told_with_its_line()
    {
        var error = await Assert.ThrowsAsync<PythonException>(() => RunAsync("x = 1\ny = = 2", firstLine: 3));
        Assert.Equal("SyntaxError", error.TypeName);
        Assert.Contains("line 4", error.Message);
    }

    [Theory]
    [InlineData("while True: pass")]
    [InlineData("import time\ntime.sleep(60)")]
    public async Task An_interrupt_ends_the_code_and_keeps_the_variables(string code)
    {
        await RunAsync("kept = 5");
        using var interruption = new CancellationTokenSource(200);
        var clock = Stopwatch.StartNew();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => RunAsync(code, cancellation: interruption.Token));
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(20));
        Assert.Equal("5", await RunAsync("kept"));
    }

    [Fact]
    public async Task Code_that_ignores_the_interrupt_is_ended()
    {
        using var interruption = new CancellationTokenSource(200);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => RunAsync(
            "import signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\nwhile True: pass", cancellation: interruption.Token));
        Assert.False(python.IsRunning);
    }

    [Fact]
    public async Task Input_and_exit_leave_the_process_alone()
    {
        Assert.Equal("EOFError", (await Assert.ThrowsAsync<PythonException>(() => RunAsync("input()"))).TypeName);
        Assert.Equal("SystemExit", (await Assert.ThrowsAsync<PythonException>(() => RunAsync("exit(3)"))).TypeName);
        Assert.Equal("1", await RunAsync("1"));
    }

    [Fact]
    public async Task An_end_of_the_process_is_told()
    {
        var error = await Assert.ThrowsAsync<PythonException>(() => RunAsync("import os\nos._exit(7)"));
        Assert.Contains("exit code 7", error.Message);
        Assert.False(python.IsRunning);
    }

    [Fact]
    public async Task Disposal_ends_the_process_even_while_it_computes()
    {
        var other = await PythonProcess.StartAsync();
        using var process = Process.GetProcessById(other.Id);
        var running = other.RunAsync("while True: pass", 1, (_, _) => { }, Soon);
        await other.DisposeAsync();
        Assert.True(process.HasExited);
        await Assert.ThrowsAnyAsync<Exception>(() => running);
    }

    [Fact]
    public async Task Scalars_and_text_go_both_ways()
    {
        (object Value, string Python)[] values =
        [
            (42, "42"), (1L << 40, "1099511627776"), (2.0, "2.0"), (0.1f, "0.10000000149011612"), (double.PositiveInfinity, "inf"), (true, "True"),
            ("a\"ü\n", "'a\"ü\\n'"), (ulong.MaxValue, "18446744073709551615"),
        ];
        foreach (var (value, expected) in values)
        {
            await python.ShareAsync("shared", value, Soon);
            Assert.Equal(expected, await RunAsync("shared"));
        }

        await RunAsync("i = 3; f = 2.0; s = 'ä'; t = True; n = None; inf = float('-inf')");
        Assert.Equal(3, await python.FetchAsync("i", Soon));
        Assert.Equal(2.0, await python.FetchAsync("f", Soon));
        Assert.Equal("ä", await python.FetchAsync("s", Soon));
        Assert.Equal(true, await python.FetchAsync("t", Soon));
        Assert.Null(await python.FetchAsync("n", Soon));
        Assert.Equal(double.NegativeInfinity, await python.FetchAsync("inf", Soon));
        await Assert.ThrowsAsync<PythonException>(() => python.FetchAsync("missing", Soon));
    }

    [Fact]
    public async Task Arrays_and_tensors_go_both_ways_bit_by_bit()
    {
        NeedNumPy();
        object[] values =
        [
            new[] { 1.5f, float.NaN, -0f }, new[] { 1.5, 2 }, new[] { 1L << 60 }, new[] { 1, -2 }, new byte[] { 255 }, new[] { true, false },
            new[,] { { 1f, 2f, 3f }, { 4f, 5f, 6f } }, Array.Empty<double>(), Tensor.Arange(24).Reshape(2, 3, 4), Tensor.Arange(6, DType.Float64).Reshape(2, 3).Transpose(),
        ];
        foreach (var value in values)
        {
            await python.ShareAsync("shared", value, Soon);
            await RunAsync("back = shared.copy(); del shared");
            var tensor = Assert.IsType<Tensor>(await python.FetchAsync("back", Soon));
            var expected = PythonArray.Of(value)!;
            Assert.Equal(expected.DType, tensor.DType);
            Assert.Equal(expected.Shape, tensor.Shape.ToArray());
            Assert.True(expected.Bytes.Span.SequenceEqual(PythonArray.Of(tensor)!.Bytes.Span));
        }
    }

    [Fact]
    public async Task A_shared_array_is_Pythons_own()
    {
        NeedNumPy();
        var array = new[] { 1f, 2f };
        await python.ShareAsync("x", array, Soon);
        Assert.Equal("[7.0, 2.0]", await RunAsync("x[0] = 7; x.tolist()"));
        Assert.Equal(1f, array[0]);
    }

    [Fact]
    public async Task A_large_array_arrives()
    {
        NeedNumPy();
        var array = new double[4_000_000];
        array[^1] = 3;
        await python.ShareAsync("x", array, Soon);
        Assert.Equal("(4000000, 3.0)", await RunAsync("(x.size, float(x.sum()))"));
    }

    [Fact]
    public async Task Only_names_python_lacks_are_wanted()
    {
        await RunAsync("import math\nown = 1");
        await python.ShareAsync("shared", 2, Soon);
        Assert.Equal(["free", "shared"], await python.FindWantedAsync("total = sum([free.x, shared, own, math.pi])\nlocal = 1", Soon));
        await RunAsync("shared = 3");
        Assert.Equal([], await python.FindWantedAsync("shared", Soon));
    }

    [Fact]
    public async Task Timed_runs_are_counted_and_quiet_when_asked()
    {
        await python.PrepareAsync("k", "n = globals().get('n', 0) + 1\nprint('run', n)", 1, Soon);
        Assert.True(await python.TimeAsync("k", 1, (_, text) => output.Add(text), Soon) > 0);
        Assert.True(await python.TimeAsync("k", 9, null, Soon) > 0);
        Assert.Equal("10", await RunAsync("n"));
        Assert.Equal("run 1\n", Output);
        await python.PrepareAsync("bad", "1 / 0", 1, Soon);
        await Assert.ThrowsAsync<PythonException>(() => python.TimeAsync("bad", 1, null, Soon));
    }

    [Fact]
    public async Task Rich_values_are_shown_richly()
    {
        var data = await python.RunAsync("class C:\n    def _repr_html_(self): return '<b>c</b>'\nC()", 1, (_, _) => { }, Soon);
        Assert.Equal("<b>c</b>", data["text/html"]);
    }

    [Fact]
    public async Task Large_arrays_reuse_memory_as_a_tuned_NumPy_does()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the settings are the GNU C library's");
        var settings = await RunAsync("import os; os.environ['GLIBC_TUNABLES']");
        Assert.EndsWith("glibc.malloc.hugetlb=1:glibc.malloc.mmap_max=0:glibc.malloc.trim_threshold=17179869184'", settings);
        Assert.StartsWith($"'{Environment.GetEnvironmentVariable("GLIBC_TUNABLES")}", settings);
    }

    [Fact]
    public async Task Requests_at_the_same_time_take_turns()
    {
        await RunAsync("n = 0");
        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => RunAsync("n += 1")));
        Assert.Equal("20", await RunAsync("n"));
    }

    [Fact]
    public async Task What_has_no_counterpart_is_refused_by_name()
    {
        var error = await Assert.ThrowsAsync<MagicException>(() => python.ShareAsync("when", DateTime.Now, Soon));
        Assert.Contains("when is a DateTime", error.Message);
        await RunAsync("d = {}");
        await Assert.ThrowsAsync<PythonException>(() => python.FetchAsync("d", Soon));
    }
}
