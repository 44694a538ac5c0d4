namespace TensorCell.Kernels;

/// <summary>
/// Marks a method as a kernel: run once for each item of an index space, its first parameter the item's index (an int, an
/// <see cref="Index2"/>, an <see cref="Index3"/> or a <see cref="Group"/>), the others views, arrays and numbers.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class KernelAttribute : Attribute
{
    /// <summary>Leaves checks of indices out: an index out of range then corrupts memory or ends the process.</summary>
    public bool Unchecked { get; set; }

    /// <summary>Items along X of a group, for a kernel whose first parameter is a <see cref="Group"/>; 1 to 1024.</summary>
    public int GroupX { get; set; } = 1;

    /// <summary>Items along Y of a group.</summary>
    public int GroupY { get; set; } = 1;

    /// <summary>Items along Z of a group.</summary>
    public int GroupZ { get; set; } = 1;

    /// <summary>The name, in the same class, of the method that computes the gradient; where absent it is derived, if the kernel is elementwise.</summary>
    public string? Gradient { get; set; }
}
