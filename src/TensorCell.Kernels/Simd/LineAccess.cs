namespace TensorCell.Kernels.Simd;

/// <summary>How lines of a kernel's operands lie in memory and what becomes of its values, as far as the compiled code depends on it.</summary>
/// <param name="Broadcast">Bit i: input i has one element for a whole line.</param>
/// <param name="Fold">How values are folded.</param>
/// <param name="IsAcross">Whether each line's values are folded into those of the lines before, place by place, rather than into one.</param>
/// <param name="Stores">Whether values are stored.</param>
/// <param name="Streaming">Whether what is stored, then aligned to whole vectors, bypasses the caches.</param>
/// <param name="Prefetched">Bit i: operand i, inputs before outputs, is asked for further on, into the second cache.</param>
/// <param name="Unroll">How many vectors are in flight at once.</param>
/// <param name="Rest">Of what lines consist besides whole turns of the loop.</param>
internal readonly record struct LineAccess(
    ulong Broadcast, LineFold Fold, bool IsAcross, bool Stores, bool Streaming, ulong Prefetched, int Unroll, LineRest Rest)
{
    public bool IsBroadcast(int input) => (Broadcast >> input & 1) != 0;

    public bool IsPrefetched(int operand) => (Prefetched >> operand & 1) != 0;
}
