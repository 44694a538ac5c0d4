using System.Runtime.Intrinsics;

namespace TensorCell.Kernels.Simd;

/// <summary>The width of the vectors that kernels are compiled to.</summary>
public static class VectorWidth
{
    private static int bits = Default;

    /// <summary>
    /// 128, 256 or 512: the best of the hardware, or the environment variable TENSORCELL_SIMD_BITS, or what is set here (for tests; widths
    /// beyond the hardware's are correct but slow). Kernels compiled before keep theirs.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Another value is set.</exception>
    public static int Bits
    {
        get => bits;
        set => bits = value is 128 or 256 or 512 ? value : throw new ArgumentOutOfRangeException(
            nameof(value), value, "simd: vectors of 128, 256 or 512 bits");
    }

    private static int Default =>
        int.TryParse(Environment.GetEnvironmentVariable("TENSORCELL_SIMD_BITS"), out var forced) && forced is 128 or 256 or 512 ? forced
        : Vector512.IsHardwareAccelerated ? 512
        : Vector256.IsHardwareAccelerated ? 256
        : 128;
}
