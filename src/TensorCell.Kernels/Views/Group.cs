namespace TensorCell.Kernels;

/// <summary>
/// The group that an item of a kernel belongs to, and its place there; items of one group share memory and wait for one another. Exists
/// only inside a kernel: called outside of one, its members fail.
/// </summary>
public readonly struct Group
{
    /// <summary>The item's index in its group.</summary>
    public Index3 Local => throw Throw.OutsideKernel(nameof(Local));

    /// <summary>The item's index in the whole space.</summary>
    public Index3 Global => throw Throw.OutsideKernel(nameof(Global));

    /// <summary>The index of the group.</summary>
    public Index3 Index => throw Throw.OutsideKernel(nameof(Index));

    /// <summary>How many items a group has along each axis.</summary>
    public Index3 Size => throw Throw.OutsideKernel(nameof(Size));

    /// <summary>How many groups there are along each axis.</summary>
    public Index3 Count => throw Throw.OutsideKernel(nameof(Count));

    /// <summary>Waits until every item of the group has come here. All of them must come, or none.</summary>
    public void Barrier() => throw Throw.OutsideKernel(nameof(Barrier));

    /// <summary>Memory that the items of the group share; its content is undefined at first.</summary>
    /// <param name="length">How many elements: a constant.</param>
    public View<T> Shared<T>(int length)
        where T : unmanaged => throw Throw.OutsideKernel(nameof(Shared));

    /// <summary>Memory in rows and columns that the items of the group share; its content is undefined at first.</summary>
    /// <param name="rows">How many rows: a constant.</param>
    /// <param name="columns">How many columns: a constant.</param>
    public View2<T> Shared<T>(int rows, int columns)
        where T : unmanaged => throw Throw.OutsideKernel(nameof(Shared));
}
