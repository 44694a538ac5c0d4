using System.Runtime.Intrinsics.Arm;
using TensorCell.Kernels;
using TensorCell.Kernels.Simd;

namespace TensorCell.Tensors.LinearAlgebra;

/// <summary>
/// The innermost part of matrix products of one element type and vector width. There is code for every number of rows, emitted when
/// it is first wanted.
/// </summary>
internal sealed class Tile
{
    /// <summary>While this many tiles are computed, as much of what comes next is prefetched as a panel of A holds.</summary>
    public const int TilesPerPrefetchedPanel = 4;

    private const int Vectors = 2;
    private static readonly Tile[] tiles =
    [
        new(DType.Float32, 128), new(DType.Float32, 256), new(DType.Float32, 512),
        new(DType.Float64, 128), new(DType.Float64, 256), new(DType.Float64, 512),
    ];

    private readonly LaneType type;
    private readonly int bits;
    private readonly TileBody?[] bodies;

    private Tile(DType dtype, int bits)
    {
        type = LaneTypes.Of(dtype);
        this.bits = bits;
        Lanes = bits / 8 / type.Size;

        // With two vectors of B and one of A they fill 27 of 32 registers, or 15 of 16.
        Rows = bits == 512 || AdvSimd.IsSupported ? 12 : 6;
        Columns = Vectors * Lanes;
        bodies = new TileBody?[Rows * Vectors];
        Blocks = BlockSizes.For(Rows, Columns, type.Size);
    }

    /// <summary>Elements of a vector.</summary>
    public int Lanes { get; }

    /// <summary>Most rows of a tile, and the width of a packed panel of A.</summary>
    public int Rows { get; }

    /// <summary>Columns of a tile, and the width of a packed panel of B.</summary>
    public int Columns { get; }

    /// <summary>How products are cut for this tile.</summary>
    public BlockSizes Blocks { get; }

    /// <summary>The tile for f32 or f64 through vectors of 128, 256 or 512 bits.</summary>
    public static Tile Of(DType dtype, int bits) => tiles[(dtype == DType.Float32 ? 0 : 3) + (bits / 256)];

    /// <summary>Whether so many columns are whole vectors, so that a tile of them can be stored in place.</summary>
    public bool IsWhole(int columns) => (columns & (Lanes - 1)) == 0;

    /// <summary>
    /// The code for so many rows, and for as many whole vectors as hold the columns: it computes, and stores, no more than these.
    /// </summary>
    /// <param name="rows">From 1 to <see cref="Rows"/>.</param>
    /// <param name="columns">From 1 to <see cref="Columns"/>.</param>
    public TileBody Body(int rows, int columns)
    {
        var vectors = columns > Lanes ? Vectors : 1;
        ref var body = ref bodies[((rows - 1) * Vectors) + vectors - 1];
        return Volatile.Read(ref body) ?? Emit(ref body, new TileShape(type, bits, rows, vectors, Rows, Vectors));
    }

    // Two threads that want it at once may both emit it; either's will do.
    private static TileBody Emit(ref TileBody? body, TileShape shape) =>
        Interlocked.CompareExchange(ref body, TileEmitter.Emit(shape), null) ?? body!;
}
