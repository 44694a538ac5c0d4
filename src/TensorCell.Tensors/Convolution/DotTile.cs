using System.Runtime.Intrinsics.Arm;
using TensorCell.Kernels;
using TensorCell.Kernels.Simd;
using TensorCell.Tensors.LinearAlgebra;

namespace TensorCell.Tensors.Convolution;

/// <summary>
/// The innermost part of weights' gradients: scalar products of the gradients of some filters with what some taps read, along pixels. There is code for
/// every number of both, emitted when it is first wanted.
/// </summary>
internal sealed class DotTile
{
    private static readonly DotTile[] tiles =
    [
        new(DType.Float32, 128), new(DType.Float32, 256), new(DType.Float32, 512),
        new(DType.Float64, 128), new(DType.Float64, 256), new(DType.Float64, 512),
    ];

    private readonly LaneType type;
    private readonly int bits;
    private readonly DotTileBody?[] bodies;

    private DotTile(DType dtype, int bits)
    {
        type = LaneTypes.Of(dtype);
        this.bits = bits;
        Lanes = bits / 8 / type.Size;

        // With a vector for each tap and one more they fill 31 of 32 registers, or 13 of 16; their addresses fill the others.
        (Filters, Taps) = bits == 512 || AdvSimd.IsSupported ? (4, 6) : (3, 3);
        bodies = new DotTileBody?[Filters * Taps];
    }

    /// <summary>Elements of a vector.</summary>
    public int Lanes { get; }

    /// <summary>Most filters of a tile.</summary>
    public int Filters { get; }

    /// <summary>Most taps of a tile.</summary>
    public int Taps { get; }

    /// <summary>The tile for f32 or f64 through vectors of 128, 256 or 512 bits.</summary>
    public static DotTile Of(DType dtype, int bits) => tiles[(dtype == DType.Float32 ? 0 : 3) + (bits / 256)];

    /// <summary>The code for so many filters and taps.</summary>
    public DotTileBody Body(int filters, int taps)
    {
        ref DotTileBody? body = ref bodies[((filters - 1) * Taps) + taps - 1];
        return Volatile.Read(ref body) ?? Emit(ref body, new TileShape(type, bits, filters, taps, 0, 0));
    }

    // Two threads that want it at once may both emit it; either's will do.
    private static DotTileBody Emit(ref DotTileBody? body, TileShape shape) =>
        Interlocked.CompareExchange(ref body, DotTileEmitter.Emit(shape), null) ?? body!;
}
