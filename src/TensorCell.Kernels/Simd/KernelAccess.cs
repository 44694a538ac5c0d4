namespace TensorCell.Kernels.Simd;

/// <summary>How a kernel's operands lie in memory, as far as the compiled code depends on it.</summary>
/// <param name="Broadcast">Bit i: input i has one element for the whole call.</param>
/// <param name="Streaming">Whether outputs, then aligned to whole vectors, bypass the cache.</param>
/// <param name="Prefetched">Bit i: operand i, inputs before outputs, is asked for further on, into the second cache.</param>
/// <param name="PrefetchDistance">How many bytes further on; 0 leaves it to the loop.</param>
/// <param name="Unroll">How many vectors are in flight at once; 0 leaves it to the loop.</param>
internal readonly record struct KernelAccess(ulong Broadcast, bool Streaming, ulong Prefetched = 0, int PrefetchDistance = 0, int Unroll = 0)
{
    /// <summary>The most inputs a kernel can have.</summary>
    public const int MaximumInputs = 64;

    /// <summary>A distance for asking for nothing.</summary>
    public const int NoPrefetch = -1;

    public bool IsPrefetched(int operand) => PrefetchDistance > 0 && (Prefetched >> operand & 1) != 0;

    public bool IsBroadcast(int input) => (Broadcast >> input & 1) != 0;
}
