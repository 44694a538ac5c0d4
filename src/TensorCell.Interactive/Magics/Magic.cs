namespace TensorCell.Interactive.Magics;

/// <summary>
/// A magic command: one class in one file that declares its options as properties. Made anew for each use, its properties set from the line it
/// was typed on. Derive from <see cref="LineMagic"/> or <see cref="BodyMagic"/>.
/// </summary>
public abstract class Magic
{
    private protected Magic()
    {
    }

    /// <summary>The registry that the magic was found in.</summary>
    public MagicRegistry Registry { get; internal set; } = MagicRegistry.Default;

    /// <summary>Values to offer for an option or argument beyond those its type implies.</summary>
    /// <param name="property">The name of the option's or argument's property.</param>
    /// <param name="notebook">The notebook, when one is at hand.</param>
    public virtual IEnumerable<string> Suggest(string property, INotebook? notebook) => [];
}
