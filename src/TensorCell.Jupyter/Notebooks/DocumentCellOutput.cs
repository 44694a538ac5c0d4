using System.Text.Json.Nodes;
using TensorCell.Interactive;
using TensorCell.Jupyter.Sessions;

namespace TensorCell.Jupyter.Notebooks;

/// <summary>Writes one cell's output into the notebook document.</summary>
/// <param name="displays">What was displayed under which id in the whole notebook, for updates from other cells.</param>
/// <param name="cell">The cell.</param>
/// <param name="executionCount">Its prompt number.</param>
internal sealed class DocumentCellOutput(DisplayTable displays, NotebookCell cell, int executionCount) : ICellOutput
{
    private const int LargestStream = 32 << 20;

    private bool clearsBeforeNext;
    private long streamed;

    public void Stream(string name, string text)
    {
        lock (displays)
        {
            if (displays.IsClosed || text.Length == 0 || streamed > LargestStream)
            {
                return;
            }

            ClearIfAsked();

            streamed += text.Length;
            if (streamed > LargestStream)
            {
                text += $"\n… the rest was left out: a cell may write {LargestStream >> 20} Mi characters.\n";
            }

            displays.AppendStream(cell, name, text);
        }
    }

    public void Display(MimeBundle bundle, string? displayId)
    {
        JsonObject output = NotebookOutput.DisplayData(bundle);
        lock (displays)
        {
            Append(output);
            if (displayId is not null)
            {
                displays.Add(displayId, output);
            }
        }
    }

    public void UpdateDisplay(MimeBundle bundle, string displayId)
    {
        lock (displays)
        {
            if (!displays.IsClosed)
            {
                displays.Update(displayId, bundle);
            }
        }
    }

    public void Result(MimeBundle bundle)
    {
        lock (displays)
        {
            Append(NotebookOutput.ExecuteResult(bundle, executionCount));
        }
    }

    public void Clear(bool wait)
    {
        lock (displays)
        {
            clearsBeforeNext = !displays.IsClosed;
            if (!wait)
            {
                ClearIfAsked();
            }
        }
    }

    public string ReadInput(string prompt, bool isPassword, CancellationToken cancellation) =>
        Throw.NoInput<string>("nobody can be asked while a notebook runs unattended; give the value in the code instead");

    private void Append(JsonObject output)
    {
        if (displays.IsClosed)
        {
            return;
        }

        ClearIfAsked();
        displays.EndStream(cell);
        cell.Outputs.Add(output);
    }

    private void ClearIfAsked()
    {
        if (clearsBeforeNext)
        {
            clearsBeforeNext = false;
            displays.EndStream(cell);
            cell.Outputs.Clear();
        }
    }
}
