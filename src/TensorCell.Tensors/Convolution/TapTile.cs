using System.Runtime.Intrinsics.Arm;
using TensorCell.Kernels;
using TensorCell.Kernels.Simd;
using TensorCell.Tensors.LinearAlgebra;

namespace TensorCell.Tensors.Convolution;

/// <summary>
/// The innermost part of sliding products of one element type and vector width: so many filters by so many vectors of adjacent pixels, which are read
/// where each channel's taps lie (the indirect convolution of Dukhan 2019). There is code for every number of filters and vectors, emitted when
/// it is first wanted.
/// </summary>
internal sealed class TapTile
{
    private const int MostVectors = 8;
    private static readonly TapTile[] tiles =
    [
        new(DType.Float32, 128), new(DType.Float32, 256), new(DType.Float32, 512),
        new(DType.Float64, 128), new(DType.Float64, 256), new(DType.Float64, 512),
    ];

    private readonly LaneType type;
    private readonly int bits;
    private readonly int registers;
    private readonly TileBody?[] bodies;

    private TapTile(DType dtype, int bits)
    {
        type = LaneTypes.Of(dtype);
        this.bits = bits;
        Lanes = bits / 8 / type.Size;
        registers = bits == 512 || AdvSimd.IsSupported ? 31 : 15;
        Rows = registers == 31 ? 12 : 6;
        bodies = new TileBody?[Enum.GetValues<TileEnding>().Length * Rows * MostVectors];
    }

    /// <summary>Elements of a vector.</summary>
    public int Lanes { get; }

    /// <summary>Bytes of an element.</summary>
    public int ElementSize => type.Size;

    /// <summary>Most filters of a tile, and the width of a packed panel of filters.</summary>
    public int Rows { get; }

    /// <summary>The tile for f32 or f64 through vectors of 128, 256 or 512 bits.</summary>
    public static TapTile Of(DType dtype, int bits) => tiles[(dtype == DType.Float32 ? 0 : 3) + (bits / 256)];

    /// <summary>How many vectors of pixels fit in registers beside their sums with so many filters.</summary>
    public int Vectors(int rows) => Math.Min(MostVectors, (registers - 1) / (rows + 1));

    /// <summary>The code for so many filters and vectors.</summary>
    public TileBody Body(int rows, int vectors, TileEnding ending = TileEnding.Sums)
    {
        ref TileBody? body = ref bodies[((((int)ending * Rows) + rows - 1) * MostVectors) + vectors - 1];
        return Volatile.Read(ref body) ?? Emit(ref body, new TileShape(type, bits, rows, vectors, Rows, PanelVectors: 0, ending));
    }

    // Two threads that want it at once may both emit it; either's will do.
    private static TileBody Emit(ref TileBody? body, TileShape shape) =>
        Interlocked.CompareExchange(ref body, TileEmitter.Emit(shape), null) ?? body!;
}
