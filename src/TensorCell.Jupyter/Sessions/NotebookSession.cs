using TensorCell.Interactive;
using TensorCell.Jupyter.CSharp;
using TensorCell.Kernels;

namespace TensorCell.Jupyter.Sessions;

/// <summary>One running notebook: its C# session, and the cells that run in it, one at a time.</summary>
public sealed class NotebookSession : IAsyncDisposable
{
    private static readonly string[] usings =
    [
        "System", "System.Collections.Generic", "System.IO", "System.Linq", "System.Text", "System.Threading",
        "System.Threading.Tasks",
    ];

    private readonly CSharpSession csharp = new(usings);
    private readonly SemaphoreSlim oneCell = new(1);
    private CancellationTokenSource? running;
    private int cells;

    /// <summary>Compiles a trivial cell in another session, so that the first real one is quick.</summary>
    public Task WarmUpAsync() => Task.Run(async () =>
    {
        var other = new CSharpSession(usings);
        await other.RunAsync(other.Compile("1 + 1", "warm-up"));
    });

    /// <summary>Runs a cell; waits for the one before it to end.</summary>
    /// <param name="code">The cell's text: C#, magic commands, or both.</param>
    /// <param name="output">Where its output goes, also what its background work writes after it ended.</param>
    /// <param name="silent">Whether the value of its last expression is not to be shown.</param>
    /// <param name="cancellation">Interrupts the cell, like <see cref="Interrupt"/>.</param>
    public async Task<CellOutcome> ExecuteAsync(
        string code, ICellOutput output, bool silent, CancellationToken cancellation)
    {
        await oneCell.WaitAsync(cancellation);
        using var interruption = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        running = interruption;
        try
        {
            using Interruption.Scope scope = Interruption.Begin(interruption.Token);
            Submission submission = csharp.Compile(code, $"cell {++cells}", interruption.Token);
            object? value = await Task.Run(() => csharp.RunAsync(submission));
            if (!silent && (submission.HasValue || value is not null))
            {
                output.Result(MimeBundle.PlainText(value?.ToString() ?? "null"));
            }

            return CellOutcome.Success;
        }
        catch (CodeException error)
        {
            return new CellOutcome(new CellError("CompilationError", error.Message, error.Message.Split('\n')));
        }
        catch (OperationCanceledException) when (interruption.IsCancellationRequested)
        {
            return new CellOutcome(new CellError("Interrupted", "The cell was interrupted.", []));
        }
        catch (Exception error)
        {
            return new CellOutcome(new CellError(error.GetType().Name, error.Message, error.ToString().Split('\n')));
        }
        finally
        {
            running = null;
            oneCell.Release();
        }
    }

    /// <summary>Interrupts the running cell; does nothing when none runs. Never blocks.</summary>
    public void Interrupt() => running?.Cancel();

    /// <summary>What could stand at a UTF-16 offset of a cell.</summary>
    public Task<CompletionResult> CompleteAsync(string code, int cursor, CancellationToken cancellation) =>
        Task.FromResult(new CompletionResult([], cursor, cursor));

    /// <summary>Describes what stands at a UTF-16 offset of a cell; null when there is nothing to tell.</summary>
    /// <param name="code">The cell.</param>
    /// <param name="cursor">The offset.</param>
    /// <param name="detail">0 for signature and summary, 1 for all there is.</param>
    /// <param name="cancellation">Gives up.</param>
    public Task<MimeBundle?> InspectAsync(string code, int cursor, int detail, CancellationToken cancellation) =>
        Task.FromResult<MimeBundle?>(null);

    /// <summary>Whether the code can run as it stands.</summary>
    public Completeness IsComplete(string code) => Completeness.Complete;

    /// <summary>Interrupts what runs and ends the session.</summary>
    public ValueTask DisposeAsync()
    {
        Interrupt();
        return ValueTask.CompletedTask;
    }
}
