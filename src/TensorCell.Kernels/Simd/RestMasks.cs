using System.Runtime.InteropServices;

namespace TensorCell.Kernels.Simd;

/// <summary>
/// Masks for the elements that are left: bits that are set, and behind them bits that are not. That many bytes before <see cref="None"/> as elements take
/// begins the mask that lets these through.
/// </summary>
internal static unsafe class RestMasks
{
    private const int Bytes = 2 * KernelTables.Stride;

    /// <summary>Where the bits that are not set begin.</summary>
    public static nint None { get; } = Make();

    private static nint Make()
    {
        byte* masks = (byte*)NativeMemory.AlignedAlloc(2 * Bytes, KernelTables.Stride);
        new Span<byte>(masks, Bytes).Fill(byte.MaxValue);
        new Span<byte>(masks + Bytes, Bytes).Clear();
        return (nint)(masks + Bytes);
    }
}
