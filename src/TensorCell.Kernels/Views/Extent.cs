namespace TensorCell.Kernels;

/// <summary>How many items an index space has along each of its 1 to 3 axes; made from a number or a tuple, outermost axis first.</summary>
public readonly record struct Extent
{
    private Extent(int rank, int z, int y, int x)
    {
        if (z < 0 || y < 0 || x < 0)
        {
            throw Throw.NegativeExtent(rank, z, y, x);
        }

        if ((Int128)z * y * x > long.MaxValue)
        {
            throw Throw.LargeExtent(z, y, x);
        }

        (Rank, Z, Y, X) = (rank, z, y, x);
    }

    /// <summary>How many axes.</summary>
    public int Rank { get; }

    /// <summary>Items along the outermost of three axes; else 1.</summary>
    public int Z { get; }

    /// <summary>Items along the middle or the outer axis; 1 if there is only one.</summary>
    public int Y { get; }

    /// <summary>Items along the innermost axis.</summary>
    public int X { get; }

    /// <summary>How many items there are.</summary>
    public long Count => (long)Z * Y * X;

    /// <summary>A line of items.</summary>
    public static implicit operator Extent(int count) => new(1, 1, 1, count);

    /// <summary>Rows and columns of items.</summary>
    public static implicit operator Extent((int Y, int X) extents) => new(2, 1, extents.Y, extents.X);

    /// <summary>Planes, rows and columns of items.</summary>
    public static implicit operator Extent((int Z, int Y, int X) extents) => new(3, extents.Z, extents.Y, extents.X);

    /// <inheritdoc/>
    public override string ToString() => Rank switch
    {
        1 => $"{X}",
        2 => $"{Y} x {X}",
        _ => $"{Z} x {Y} x {X}",
    };
}
