namespace TensorCell.Kernels.Tests.Fuzz;

/// <summary>A view or array that a random kernel is given.</summary>
/// <param name="Name">The parameter's name.</param>
/// <param name="Element">The C# name of its elements' type.</param>
/// <param name="IsView">Whether the parameter is a view, not an array.</param>
/// <param name="Role">What the kernel may do with it.</param>
/// <param name="Lengths">Its extents; 0 stands for the index space's along that axis.</param>
internal sealed record FuzzView(string Name, string Element, bool IsView, FuzzRole Role, int[] Lengths)
{
    /// <summary>Its type in C#.</summary>
    public string Type => IsView ? $"View{(Lengths.Length > 1 ? Lengths.Length : "")}<{Element}>" : $"{Element}[{new string(',', Lengths.Length - 1)}]";

    /// <summary>C# for its extent along a dimension.</summary>
    public string Length(int dimension) => Lengths.Length == 1 ? $"{Name}.Length" : $"{Name}.GetLength({dimension})";

    public override string ToString() => $"{Type} {Name} [{string.Join(", ", Lengths)}] {Role}";
}

/// <summary>What a random kernel may do with a view, so that its items do not depend on one another.</summary>
internal enum FuzzRole
{
    /// <summary>Reads any element; its extents are fixed.</summary>
    Input,

    /// <summary>Reads any element; its extents are the index space's.</summary>
    Aligned,

    /// <summary>Reads and writes the item's own element.</summary>
    Output,

    /// <summary>Reads and writes the item's own row of a few elements.</summary>
    Row,

    /// <summary>Changes any element by one atomic operation.</summary>
    Counter,

    /// <summary>Writes the item's own element, to some accuracy only.</summary>
    Approximate,

    /// <summary>What a group shares, in one of the ways of <see cref="TileUse"/> between two barriers.</summary>
    Tile,
}

/// <summary>What items do with shared memory between two barriers, so that none depends on another.</summary>
internal enum TileUse
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Each reads and writes its own element.</summary>
    Own,

    /// <summary>Each reads any element.</summary>
    All,

    /// <summary>Each adds to any element by one atomic operation.</summary>
    Counter,
}
