namespace TensorCell.Kernels;

/// <summary>What a device can do at best, measured on it rather than read from a data sheet.</summary>
/// <param name="Cores">Processors the engine may use at once.</param>
/// <param name="SimdBits">Bits of the widest vector the kernels use; 0 where the device has no such notion.</param>
/// <param name="FlopsFloat32">Peak fused multiply-adds on f32, all cores, in floating-point operations per second.</param>
/// <param name="FlopsFloat64">Peak fused multiply-adds on f64, all cores, in floating-point operations per second.</param>
/// <param name="CopyBytesPerSecond">
/// Bytes read plus bytes written per second when all cores copy memory far larger than the caches, past the caches.
/// </param>
/// <param name="ReadBytesPerSecond">Bytes per second when all cores sum memory far larger than the caches.</param>
/// <param name="Caches">Its data caches, from the nearest to the cores.</param>
public sealed record DeviceLimits(
    int Cores,
    int SimdBits,
    double FlopsFloat32,
    double FlopsFloat64,
    double CopyBytesPerSecond,
    double ReadBytesPerSecond,
    IReadOnlyList<CacheLevel> Caches)
{
    /// <summary>Bytes of the cache at <paramref name="level"/>, from 1, that one core sees; 0 when there is none.</summary>
    public long CacheBytes(int level) => Caches.FirstOrDefault(cache => cache.Level == level)?.Bytes ?? 0;

    /// <summary>Peak fused multiply-adds on <paramref name="dtype"/>, in floating-point operations per second.</summary>
    public double Flops(DType dtype) => dtype == DType.Float64 ? FlopsFloat64 : FlopsFloat32;
}
