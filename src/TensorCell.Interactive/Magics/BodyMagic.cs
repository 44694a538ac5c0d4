namespace TensorCell.Interactive.Magics;

/// <summary>A magic that owns what stands below it in the cell.</summary>
public abstract class BodyMagic : Magic
{
    /// <summary>Does what the magic is for.</summary>
    /// <exception cref="MagicException">It cannot be done; the message says why and what would work.</exception>
    /// <exception cref="CodeException">The body does not compile.</exception>
    public abstract Task RunAsync(INotebook notebook, CellBody body);
}
