using System.Diagnostics;
using TensorCell.Jupyter.Sessions;

namespace TensorCell.Jupyter.Notebooks;

/// <summary>How a cell's run goes, for those who watch.</summary>
/// <param name="Index">Which of the code cells, from 1.</param>
/// <param name="Count">How many code cells there are.</param>
/// <param name="Cell">The cell.</param>
/// <param name="Elapsed">How long it took; null while it runs.</param>
/// <param name="Error">Why it failed; null when it runs or succeeded.</param>
public sealed record CellProgress(int Index, int Count, NotebookCell Cell, TimeSpan? Elapsed, CellError? Error);

/// <summary>Runs every code cell of a notebook, in order, and keeps the outputs in the document.</summary>
/// <param name="session">Where the cells run.</param>
public sealed class NotebookRunner(NotebookSession session)
{
    /// <summary>How long one cell may run; null for as long as it wants.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>Whether to go on after a cell that failed.</summary>
    public bool AllowsErrors { get; init; }

    /// <summary>Told when a cell starts and when it ends, on the calling thread.</summary>
    public Action<CellProgress>? Progress { get; init; }

    /// <summary>Runs the notebook. Outputs of earlier runs are removed first; those of cells not reached stay empty.</summary>
    /// <param name="document">The notebook, which is changed.</param>
    /// <param name="cancellation">Interrupts the running cell and runs no other.</param>
    /// <returns>The cells that failed and were not marked <c>raises-exception</c>.</returns>
    public async Task<IReadOnlyList<CellProgress>> RunAsync(NotebookDocument document, CancellationToken cancellation)
    {
        NotebookCell[] cells = [.. document.Cells.Where(cell => cell.Kind == CellKind.Code && !string.IsNullOrWhiteSpace(cell.Source))];
        foreach (NotebookCell cell in document.Cells)
        {
            cell.Outputs.Clear();
            cell.ExecutionCount = null;
        }

        var displays = new DisplayTable();
        var failed = new List<CellProgress>();
        for (int i = 0; i < cells.Length && !cancellation.IsCancellationRequested; i++)
        {
            Progress?.Invoke(new CellProgress(i + 1, cells.Length, cells[i], null, null));
            long start = Stopwatch.GetTimestamp();
            CellError? error = await RunCellAsync(cells[i], i + 1, displays, cancellation);
            var progress = new CellProgress(i + 1, cells.Length, cells[i], Stopwatch.GetElapsedTime(start), error);
            Progress?.Invoke(progress);
            if (error is null || MayFail(cells[i]))
            {
                continue;
            }

            failed.Add(progress);
            if (!AllowsErrors)
            {
                break;
            }
        }

        lock (displays)
        {
            displays.Close();
        }

        return failed;
    }

    private static bool MayFail(NotebookCell cell) =>
        cell.Metadata["tags"] is System.Text.Json.Nodes.JsonArray tags
        && tags.Any(tag => tag is not null && tag.GetValueKind() == System.Text.Json.JsonValueKind.String
            && tag.GetValue<string>() == "raises-exception");

    private async Task<CellError?> RunCellAsync(NotebookCell cell, int count, DisplayTable displays, CancellationToken cancellation)
    {
        cell.ExecutionCount = count;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        if (Timeout is { } timeout)
        {
            limit.CancelAfter(timeout);
        }

        var output = new DocumentCellOutput(displays, cell, count);
        CellOutcome outcome = await session.ExecuteAsync(cell.RunnableSource, output, silent: false, limit.Token);
        CellError? error = outcome.Error;
        if (error is not null && limit.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            string message = $"the cell ran longer than {Timeout!.Value.TotalSeconds:0.###} s and was interrupted; allow more with --timeout";
            error = new CellError("Timeout", message, [message]);
        }

        if (error is not null)
        {
            lock (displays)
            {
                displays.EndStream(cell);
                cell.Outputs.Add(NotebookOutput.Error(error));
            }
        }

        return error;
    }
}
