using System.Text.Json.Nodes;
using TensorCell.Interactive;
using TensorCell.Jupyter.Notebooks;
using TensorCell.Jupyter.Sessions;

namespace TensorCell.Jupyter.Messaging;

/// <summary>Broadcasts one cell's output to Jupyter's clients.</summary>
/// <param name="request">The request that runs the cell.</param>
/// <param name="executionCount">The cell's prompt number.</param>
/// <param name="allowsInput">Whether its client can be asked for input.</param>
public sealed class KernelCellOutput(Request request, int executionCount, bool allowsInput) : ICellOutput
{
    private IoPubChannel IoPub => request.Kernel.IoPub;

    /// <summary>The plain text of the value shown last; null when none was.</summary>
    public string? ResultText { get; private set; }

    /// <inheritdoc/>
    public void Stream(string name, string text)
    {
        if (text.Length == 0)
        {
            return;
        }

        IoPub.WaitForRoom(Kernels.Interruption.Token);
        IoPub.Stream(name, text, request.Message.HeaderJson);
    }

    /// <inheritdoc/>
    public void Display(MimeBundle bundle, string? displayId) => Publish("display_data", bundle, displayId, null);

    /// <inheritdoc/>
    public void UpdateDisplay(MimeBundle bundle, string displayId) => Publish("update_display_data", bundle, displayId, null);

    /// <inheritdoc/>
    public void Result(MimeBundle bundle)
    {
        ResultText = bundle.Data.GetValueOrDefault("text/plain");
        Publish("execute_result", bundle, null, executionCount);
    }

    /// <inheritdoc/>
    public void Clear(bool wait) => request.Publish("clear_output", new JsonObject { ["wait"] = wait });

    /// <inheritdoc/>
    public string ReadInput(string prompt, bool isPassword, CancellationToken cancellation)
    {
        if (!allowsInput)
        {
            Throw.NoInput(
                "the client that runs this cell cannot be asked (allow_stdin is false); give the value in the code instead");
        }

        IoPub.Flush(TimeSpan.FromSeconds(1));
        return request.Kernel.Stdin.Ask(request.Message, prompt, isPassword, cancellation);
    }

    private void Publish(string type, MimeBundle bundle, string? displayId, int? count)
    {
        IoPub.WaitForRoom(Kernels.Interruption.Token);
        var content = new JsonObject { ["data"] = NotebookOutput.DataOf(bundle), ["metadata"] = new JsonObject() };
        if (displayId is not null || count is null)
        {
            content["transient"] = displayId is null ? [] : new JsonObject { ["display_id"] = displayId };
        }

        if (count is not null)
        {
            content["execution_count"] = count;
        }

        request.Publish(type, content, bundle.Data.Sum(entry => (long)entry.Value.Length));
    }
}
