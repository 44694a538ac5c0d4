using TensorCell.Kernels.Simd;

namespace TensorCell.Kernels;

/// <summary>How the cache of compiled kernels has done since the process began.</summary>
/// <param name="Hits">How often code was at hand.</param>
/// <param name="Misses">How often it had to be compiled.</param>
/// <param name="Alive">How many kernels are remembered now; each takes about 70 KB.</param>
/// <param name="Evictions">How many were forgotten to make room.</param>
/// <param name="Limit">How many are remembered at most.</param>
public sealed record KernelCacheStatistics(long Hits, long Misses, int Alive, long Evictions, int Limit)
{
    /// <summary>The figures as they are now.</summary>
    public static KernelCacheStatistics Current => CodeCache.Statistics;
}
