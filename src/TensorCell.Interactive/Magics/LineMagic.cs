namespace TensorCell.Interactive.Magics;

/// <summary>A magic that stands on a line of its own anywhere in a cell.</summary>
public abstract class LineMagic : Magic
{
    /// <summary>Does what the magic is for.</summary>
    /// <exception cref="MagicException">It cannot be done; the message says why and what would work.</exception>
    public abstract Task RunAsync(INotebook notebook);
}
