using System.Diagnostics;
using TensorCell.Jupyter.Sessions;

namespace TensorCell.Jupyter.Tests;

/// <summary>A cell may fail in any way; the session goes on and says what happened.</summary>
public sealed class SessionFailureTests : IAsyncDisposable
{
    private readonly SessionHarness harness = new();

    public ValueTask DisposeAsync() => harness.DisposeAsync();

    [Fact]
    public async Task Compile_errors_point_into_the_cell()
    {
        CellError error = await harness.Fail("int a = 1;\nfor (int i = 0; i < 3; i++)\n\tint b = missing + a;\n");
        Assert.Equal("CompilationError", error.Name);
        Assert.Contains("(3,10): error CS0103: The name 'missing' does not exist in the current context", error.Message, StringComparison.Ordinal);
        Assert.Contains("  3 | \tint b = missing + a;\n    | \t        ^~~~~~~", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Compile_errors_below_a_magic_keep_the_lines_of_the_cell()
    {
        CellError error = await harness.Fail("#!lsmagic\n\nint x = y;");
        Assert.StartsWith("(3,9): error CS0103", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_magic_runs_nothing_of_the_cell()
    {
        CellError error = await harness.Fail("int neverSet = 1;\n#!lsmagik");
        Assert.Equal("MagicError", error.Name);
        Assert.Equal("CompilationError", (await harness.Fail("neverSet")).Name);
    }

    [Fact]
    public async Task Exceptions_tell_the_users_own_lines()
    {
        await harness.Run("""
            int Divide(int x)
            {
                return 1 / x;
            }
            class Box { public int Half(int x) => new[] { 2 }.Select(y => y / x).First(); }
            """);
        CellError error = await harness.Fail("int before = 5;\nint z = 0;\nDivide(z);\nbefore = 6;");
        Assert.Equal("DivideByZeroException", error.Name);
        Assert.Equal(
            [
                "DivideByZeroException: Attempted to divide by zero.",
                "   at Divide in cell 1, line 3",
                "      3 | return 1 / x;",
                "   at cell 2, line 3",
                "      3 | Divide(z);",
            ],
            error.Traceback);
        Assert.Equal("5", (await harness.Run("before")).ValueText);
        error = await harness.Fail("try { await Task.Run(() => new Box().Half(0)); } catch (Exception e) { throw new InvalidOperationException(\"outer\", e); }");
        Assert.Contains("caused by DivideByZeroException: Attempted to divide by zero.", error.Traceback);
        Assert.Contains("   at a lambda of Half in cell 1, line 5", error.Traceback);
        Assert.Contains("   at Box.Half in cell 1, line 5", error.Traceback);
    }

    [Theory]
    [InlineData("int Down(int n) => Down(n + 1) + 1; Down(0)")]
    [InlineData("int Down(int n) { return Down(n + 1) + 1; } Down(0)")]
    [InlineData("Func<int, int> down = null; down = n => down(n + 1) + 1; down(0)")]
    [InlineData("class P { public int X => X + 1; } new P().X")]
    [InlineData("class P { public int X { get { return X + 1; } } } new P().X")]
    [InlineData("class P { public override string ToString() => $\"{this}\"; } new P().ToString()")]
    [InlineData("class P { public static P operator +(P a, P b) => a + b; } var p = new P() + new P();")]
    [InlineData("class P { public P() { new P(); } } new P()")]
    [InlineData("async Task<int> Down(int n) => await Down(n + 1) + 1; await Down(0)")]
    [InlineData("IEnumerable<int> Down() { foreach (var x in Down()) yield return x; } Down().ToList()")]
    public async Task Runaway_recursion_is_an_error(string code)
    {
        CellError error = await harness.Fail(code);
        Assert.Equal("InsufficientExecutionStackException", error.Name);
        Assert.Contains("Stack overflow", error.Message, StringComparison.Ordinal);
        Assert.True(error.Traceback.Count < 60);
        await harness.Run("1 + 1");
    }

    [Fact]
    public async Task Deep_recursion_that_ends_is_fine() =>
        Assert.Equal("100000", (await harness.Run("int Depth(int n) => n == 0 ? 0 : 1 + Depth(n - 1); Depth(100_000)")).ValueText);

    [Theory]
    [InlineData("Environment.Exit(3);", "Environment.Exit(3)")]
    [InlineData("System.Environment\n  .Exit(3);", "Environment.Exit(3)")]
    [InlineData("Action<int> leave = Environment.Exit; leave(4);", "Environment.Exit(4)")]
    [InlineData("using static System.Environment; Exit(5);", "Environment.Exit(5)")]
    [InlineData("Environment.FailFast(\"why not\");", "why not")]
    public async Task Exit_ends_the_cell_alone(string code, string expected)
    {
        await harness.Run("int kept = 1;");
        CellError error = await harness.Fail(code);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.Equal("1", (await harness.Run("kept")).ValueText);
    }

    [Theory]
    [InlineData("var t = new System.Threading.Thread(() => throw new InvalidOperationException(\"lost\")); t.Start(); t.Join();")]
    [InlineData("async void Lose() { await Task.Yield(); throw new InvalidOperationException(\"lost\"); } Lose(); await Task.Delay(300);")]
    [InlineData("System.Threading.ThreadPool.QueueUserWorkItem(_ => throw new InvalidOperationException(\"lost\")); await Task.Delay(300);")]
    [InlineData("new System.Threading.Timer(_ => throw new InvalidOperationException(\"lost\"), null, 1, -1); await Task.Delay(300);")]
    public async Task A_failing_thread_is_told_and_survived(string code)
    {
        await harness.Run("int kept = 1;");
        SessionRecorder output = await harness.Run(code);
        Wait.Until(() => output.Error.Length > 0, seconds: 30);
        Assert.Contains("InvalidOperationException: lost", output.Error, StringComparison.Ordinal);
        Assert.Contains("line 1", output.Error, StringComparison.Ordinal);
        Assert.Equal("1", (await harness.Run("kept")).ValueText);
    }

    [Fact]
    public async Task A_task_that_fails_unawaited_is_told()
    {
        var output = new SessionRecorder();
        Task<CellOutcome> losing = harness.Session.ExecuteAsync(
            "void Lose() { Task.Run(() => throw new InvalidOperationException(\"lost\")); } Lose();"
            + "while (true) { GC.Collect(); GC.WaitForPendingFinalizers(); await Task.Delay(5); }",
            output,
            false,
            default);
        Wait.Until(() => output.Error.Length > 0, seconds: 30);
        harness.Session.Interrupt();
        await losing;
        Assert.Contains("InvalidOperationException: lost", output.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sessions_side_by_side_are_told_each_of_its_own_failures()
    {
        var told = await Task.WhenAll(Enumerable.Range(0, 6).Select(async i =>
        {
            await using var own = new SessionHarness();
            var output = new SessionRecorder();
            Task<CellOutcome> losing = own.Session.ExecuteAsync(
                $"void Lose() {{ Task.Run(() => throw new InvalidOperationException(\"lost {i}\")); }} Lose(); await Task.Delay(-1);", output, false, default);
            for (var patience = Stopwatch.StartNew(); output.Error.Length == 0 && patience.Elapsed < TimeSpan.FromSeconds(30);)
            {
                GC.Collect();
                GC.WaitForPendingFinalizers();
                await Task.Delay(10);
            }

            own.Session.Interrupt();
            await losing;
            return output.Error;
        }));
        for (int i = 0; i < told.Length; i++)
        {
            Assert.Equal($"lost {i}", string.Join('|', Enumerable.Range(0, told.Length).Select(j => $"lost {j}").Where(told[i].Contains)));
        }
    }

    [Fact]
    public async Task Variables_assigned_before_a_failure_stay()
    {
        await harness.Fail("int first = 1; throw new Exception(\"no\");");
        await harness.Fail("int second = 2; await Task.Yield(); throw new Exception(\"no\");");
        Assert.Equal("3", (await harness.Run("first + second")).ValueText);
    }
}
