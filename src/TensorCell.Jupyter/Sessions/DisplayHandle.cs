using TensorCell.Interactive;

namespace TensorCell.Jupyter.Sessions;

/// <summary>Something a cell shows, which can be replaced, also by later cells.</summary>
public sealed class DisplayHandle : IDisplayHandle
{
    private readonly CellWriter output;
    private readonly bool isMuted;

    internal DisplayHandle(CellWriter output, object? value)
    {
        this.output = output;
        output.Display(MimeBundles.Of(value), Id);
    }

    /// <summary>A handle on nothing shown, for a cell whose output is muted.</summary>
    internal DisplayHandle(CellWriter output)
    {
        this.output = output;
        isMuted = true;
    }

    /// <summary>What the client knows it by.</summary>
    public string Id { get; } = Guid.NewGuid().ToString("N");

    /// <inheritdoc/>
    public void Update(object? value)
    {
        if (!isMuted)
        {
            (CellRun.Current?.Output ?? output).Update(MimeBundles.Of(value), Id);
        }
    }

    /// <inheritdoc/>
    public override string ToString() => $"display {Id}";
}
