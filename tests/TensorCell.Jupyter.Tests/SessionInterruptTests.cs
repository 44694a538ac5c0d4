using TensorCell.Jupyter.Sessions;

namespace TensorCell.Jupyter.Tests;

/// <summary>Every way a cell can run on, and that an interrupt ends it and keeps the session.</summary>
public sealed class SessionInterruptTests : IAsyncDisposable
{
    private readonly SessionHarness harness = new();

    public ValueTask DisposeAsync() => harness.DisposeAsync();

    [Theory]
    [InlineData("while (true) { }")]
    [InlineData("while (true);")]
    [InlineData("for (;;) kept++;")]
    [InlineData("do { kept++; } while (true);")]
    [InlineData("again: kept++; goto again;")]
    [InlineData("IEnumerable<int> Endless() { while (true) yield return 1; } foreach (var i in Endless()) { }")]
    [InlineData("int Down(int n) => n == 0 ? 0 : Down(n - 1); while (true) Down(100);")]
    [InlineData("Func<int, int> twice = x => x * 2; Enumerable.Repeat(1, int.MaxValue).Select(x => twice(x)).LongCount(x => x > 0 && Enumerable.Range(0, 1000).Sum(y => y) < 0)")]
    [InlineData("Parallel.For(0, 1000000, i => { while (true) { } });")]
    [InlineData("await Task.Run(() => { while (true) { } });")]
    [InlineData("await Task.Yield(); while (true) { }")]
    [InlineData("async Task Spin() { while (true) await Task.Yield(); } await Spin();")]
    public async Task Checks_end_what_computes(string code) => await EndsSoon(code);

    [Theory]
    [InlineData("System.Threading.Thread.Sleep(-1);")]
    [InlineData("new TaskCompletionSource().Task.Wait();")]
    [InlineData("Task.Run(() => System.Threading.Thread.Sleep(-1)).Wait();")]
    [InlineData("await Task.Yield(); System.Threading.Thread.Sleep(-1);")]
    [InlineData("var o = new object(); var held = new System.Threading.ManualResetEventSlim(); new System.Threading.Thread(() => { lock (o) { held.Set(); System.Threading.Thread.Sleep(-1); } }).Start(); held.Wait(); lock (o) { }")]
    [InlineData("new System.Threading.ManualResetEventSlim().Wait();")]
    [InlineData("new System.Collections.Concurrent.BlockingCollection<int>().Take();")]
    public async Task Thread_interrupt_ends_what_waits(string code) => await EndsSoon(code);

    [Theory]
    [InlineData("await Task.Delay(-1);")]
    [InlineData("await new TaskCompletionSource<int>().Task")]
    [InlineData("await new ValueTask<int>(new TaskCompletionSource<int>().Task)")]
    [InlineData("await new TaskCompletionSource<int>().Task.ConfigureAwait(false)")]
    [InlineData("await foreach (var i in Never()) { } async IAsyncEnumerable<int> Never() { await Task.Delay(-1); yield return 1; }")]
    public async Task Awaits_end(string code) => await EndsSoon(code);

    [Theory]
    [InlineData("try { while (true) { } } catch (Exception) { } while (true) { }")]
    [InlineData("while (true) { try { System.Threading.Thread.Sleep(-1); } catch (Exception) { } }")]
    [InlineData("while (true) { try { while (true) { } } catch { } }")]
    public async Task Swallowing_the_interrupt_once_does_not_help(string code) => await EndsSoon(code);

    [Fact]
    public async Task A_cleanup_runs()
    {
        await harness.Run("bool cleaned = false;");
        await EndsSoon("try { await Task.Delay(-1); } finally { cleaned = true; }");
        Assert.Equal("true", (await harness.Run("cleaned")).ValueText);
    }

    [Fact]
    public async Task What_yields_to_nothing_is_left_behind_and_told()
    {
        await harness.Run("int kept = 1; bool stop = false;");
        const string Deaf = """
            var uninterruptible = typeof(System.Threading.Thread).GetMethod("Sleep", [typeof(int)]);
            Console.WriteLine("ready");
            var numbers = Enumerable.Repeat(1, int.MaxValue);
            System.Numerics.BigInteger.Pow(3, 9_000_000).ToString().Length
            """;
        (CellOutcome outcome, SessionRecorder output, _) = await harness.Interrupt(Deaf);
        Assert.Equal("Interrupted", outcome.Error?.Name);
        Assert.Contains("left behind", output.Error, StringComparison.Ordinal);
        Assert.Equal("1", (await harness.Run("kept")).ValueText);
    }

    [Fact]
    public async Task A_storm_never_breaks_the_session()
    {
        await harness.Run("int kept = 1;");
        for (int round = 0; round < 30; round++)
        {
            var output = new SessionRecorder();
            Task<CellOutcome> running = harness.Session.ExecuteAsync(
                "for (int i = 0; i < 5000; i++) System.Threading.Thread.Sleep(1); kept++;", output, false, CancellationToken.None);
            for (int i = 0; i < 100; i++)
            {
                harness.Session.Interrupt();
                if (i == round * 3)
                {
                    await Task.Delay(1);
                }
            }

            CellOutcome outcome = await running.WaitAsync(TimeSpan.FromSeconds(10));
            Assert.Equal("Interrupted", outcome.Error?.Name);
            for (int i = 0; i < 10; i++)
            {
                harness.Session.Interrupt();
            }

            Assert.Equal("1", (await harness.Run("kept")).ValueText);
        }
    }

    [Fact]
    public async Task A_token_given_to_execute_interrupts_too()
    {
        using var source = new CancellationTokenSource(200);
        CellOutcome outcome = await harness.Session.ExecuteAsync("while (true) { }", new SessionRecorder(), false, source.Token);
        Assert.Equal("Interrupted", outcome.Error?.Name);
    }

    private async Task EndsSoon(string code)
    {
        await harness.Run("int kept = 41;");
        (CellOutcome outcome, SessionRecorder output, TimeSpan took) =
            await harness.Interrupt("Console.WriteLine(\"ready\");\n" + code);
        Assert.Equal("Interrupted", outcome.Error?.Name);
        Assert.DoesNotContain("left behind", output.Error, StringComparison.Ordinal);
        TestContext.Current.SendDiagnosticMessage($"{took.TotalMilliseconds:f0} ms: {code}");
        await harness.Run("kept = 42; for (int i = 0; i < 3; i++) System.Threading.Thread.Sleep(1); await Task.Delay(1);");
        Assert.Equal("42", (await harness.Run("kept")).ValueText);
    }
}
