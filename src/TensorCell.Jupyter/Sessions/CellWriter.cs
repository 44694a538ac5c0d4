using TensorCell.Interactive;

namespace TensorCell.Jupyter.Sessions;

/// <summary>The output of one cell, as its own code sees it: through the session's pump.</summary>
internal sealed class CellWriter(OutputPump pump, ICellOutput output)
{
    /// <summary>Writes text to <c>stdout</c> or <c>stderr</c>.</summary>
    public void Stream(string name, string text) => pump.Stream(output, name, text);

    /// <summary>Shows an output that can be replaced under its id.</summary>
    public void Display(MimeBundle bundle, string? displayId) =>
        pump.Post(output, target => target.Display(bundle, displayId));

    /// <summary>Replaces what is shown under an id.</summary>
    public void Update(MimeBundle bundle, string displayId) =>
        pump.Post(output, target => target.UpdateDisplay(bundle, displayId));

    /// <summary>Shows the value of the cell.</summary>
    public void Result(MimeBundle bundle) => pump.Post(output, target => target.Result(bundle));

    /// <summary>Removes the cell's output so far.</summary>
    public void Clear(bool wait) => pump.Post(output, target => target.Clear(wait));

    /// <summary>Asks for a line, after what was written has been shown; ends at once when the cell is interrupted.</summary>
    /// <exception cref="InvalidOperationException">This client cannot ask.</exception>
    /// <exception cref="OperationCanceledException">The cell was interrupted.</exception>
    public string ReadInput(string prompt, bool isPassword, CancellationToken cancellation)
    {
        pump.FlushAsync(output).Wait(cancellation);
        Task<string> answer = Task.Factory.StartNew(
            () => output.ReadInput(prompt, isPassword, cancellation),
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default);
        return answer.WaitAsync(cancellation).GetAwaiter().GetResult();
    }

    /// <summary>Ends when all output so far has been delivered.</summary>
    /// <exception cref="IOException">The destination failed.</exception>
    public Task FlushAsync() => pump.FlushAsync(output);
}
