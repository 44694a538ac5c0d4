using System.Diagnostics;
using TensorCell.Jupyter.Sessions;

namespace TensorCell.Jupyter.Tests;

/// <summary>A session and short ways to run cells in it.</summary>
internal sealed class SessionHarness : IAsyncDisposable
{
    public NotebookSession Session { get; } = new();

    public ValueTask DisposeAsync() => Session.DisposeAsync();

    /// <summary>Runs a cell that must succeed.</summary>
    public async Task<SessionRecorder> Run(string code)
    {
        var output = new SessionRecorder();
        CellOutcome outcome = await Session.ExecuteAsync(code, output, false, CancellationToken.None);
        Assert.True(outcome.Succeeded, string.Join('\n', outcome.Error?.Traceback ?? []) + outcome.Error?.Message);
        return output;
    }

    /// <summary>Runs a cell that must fail.</summary>
    public async Task<CellError> Fail(string code)
    {
        CellOutcome outcome = await Session.ExecuteAsync(code, new SessionRecorder(), false, CancellationToken.None);
        Assert.NotNull(outcome.Error);
        return outcome.Error;
    }

    /// <summary>Runs a cell, interrupts it once it has written "ready", and tells how it ended.</summary>
    public async Task<(CellOutcome Outcome, SessionRecorder Output, TimeSpan Took)> Interrupt(string code)
    {
        var output = new SessionRecorder();
        Task<CellOutcome> running = Session.ExecuteAsync(code, output, false, CancellationToken.None);
        while (!output.Out.Contains("ready", StringComparison.Ordinal) && !running.IsCompleted)
        {
            await Task.Delay(5);
        }

        var clock = Stopwatch.StartNew();
        Session.Interrupt();
        CellOutcome outcome = await running.WaitAsync(TimeSpan.FromSeconds(20));
        return (outcome, output, clock.Elapsed);
    }
}
