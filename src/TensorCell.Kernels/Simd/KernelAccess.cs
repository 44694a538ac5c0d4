namespace TensorCell.Kernels.Simd;

/// <summary>How a kernel's operands lie in memory, as far as the compiled code depends on it.</summary>
/// <param name="Broadcast">Bit i: input i has one element for the whole call.</param>
/// <param name="Streaming">Whether outputs, then aligned to whole vectors, bypass the cache.</param>
/// <param name="Unroll">How many vectors are in flight at once; 0 leaves it to the loop.</param>
internal readonly record struct KernelAccess(ulong Broadcast, bool Streaming, int Unroll = 0)
{
    /// <summary>The most inputs a kernel can have.</summary>
    public const int MaximumInputs = 64;

    public bool IsBroadcast(int input) => (Broadcast >> input & 1) != 0;
}
