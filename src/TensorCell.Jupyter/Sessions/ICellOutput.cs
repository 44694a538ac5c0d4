using TensorCell.Interactive;

namespace TensorCell.Jupyter.Sessions;

/// <summary>Where a running cell's output goes: a Jupyter client, or a notebook document being filled.</summary>
public interface ICellOutput
{
    /// <summary>Text written to <c>stdout</c> or <c>stderr</c>, as it happens.</summary>
    void Stream(string name, string text);

    /// <summary>Shows an output; one with an id can be replaced later.</summary>
    void Display(MimeBundle bundle, string? displayId);

    /// <summary>Replaces every output shown under the id, in whichever cell.</summary>
    void UpdateDisplay(MimeBundle bundle, string displayId);

    /// <summary>Shows the value of the cell's last expression.</summary>
    void Result(MimeBundle bundle);

    /// <summary>Removes the cell's output so far; with <paramref name="wait"/>, when the next output comes.</summary>
    void Clear(bool wait);

    /// <summary>Asks the user for a line of text.</summary>
    /// <exception cref="InvalidOperationException">This client cannot ask.</exception>
    string ReadInput(string prompt, bool isPassword, CancellationToken cancellation);
}
