namespace TensorCell.Tensors;

/// <summary>A height and a width, such as those of a kernel or a stride: <c>3</c> and <c>(3, 5)</c> convert to it.</summary>
/// <param name="Height">Along the last axis but one.</param>
/// <param name="Width">Along the last axis.</param>
public readonly record struct Size2(int Height, int Width)
{
    /// <summary>The same both ways.</summary>
    public static implicit operator Size2(int both) => new(both, both);

    /// <summary>A height and a width.</summary>
    public static implicit operator Size2((int Height, int Width) size) => new(size.Height, size.Width);

    /// <summary>The two numbers, as <c>(3, 5)</c>.</summary>
    public override string ToString() => $"({Height}, {Width})";

    /// <summary>Height times width.</summary>
    internal long Area => (long)Height * Width;
}
