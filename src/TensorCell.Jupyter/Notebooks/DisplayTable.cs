using System.Text;
using System.Text.Json.Nodes;
using TensorCell.Interactive;

namespace TensorCell.Jupyter.Notebooks;

/// <summary>
/// What a running notebook shows that may still change: outputs displayed under an id, in whichever cell, and the text at the
/// end of each cell. Locked by those who use it.
/// </summary>
internal sealed class DisplayTable
{
    private readonly Dictionary<string, List<JsonObject>> displays = [];
    private readonly Dictionary<NotebookCell, (JsonObject Output, StringBuilder Text)> streams = [];

    /// <summary>Whether the run is over, so that what background work still writes is left out.</summary>
    public bool IsClosed { get; private set; }

    public void Add(string displayId, JsonObject output)
    {
        if (!displays.TryGetValue(displayId, out List<JsonObject>? shown))
        {
            displays.Add(displayId, shown = []);
        }

        shown.Add(output);
    }

    public void Update(string displayId, MimeBundle bundle)
    {
        foreach (JsonObject output in displays.GetValueOrDefault(displayId) ?? [])
        {
            output["data"] = NotebookOutput.DataOf(bundle);
        }
    }

    public void AppendStream(NotebookCell cell, string name, string text)
    {
        if (streams.TryGetValue(cell, out var last) && last.Output["name"]!.GetValue<string>() == name)
        {
            last.Text.Append(text);
            return;
        }

        EndStream(cell);
        JsonObject output = NotebookOutput.Stream(name, "");
        cell.Outputs.Add(output);
        streams[cell] = (output, new StringBuilder(text));
    }

    /// <summary>Writes the text gathered for the cell's last output into it.</summary>
    public void EndStream(NotebookCell cell)
    {
        if (streams.Remove(cell, out var last))
        {
            last.Output["text"] = last.Text.ToString();
        }
    }

    /// <summary>Writes every cell's gathered text into its output, and takes no more.</summary>
    public void Close()
    {
        IsClosed = true;
        foreach (NotebookCell cell in streams.Keys.ToArray())
        {
            EndStream(cell);
        }
    }
}
