namespace TensorCell.Kernels.Simd;

/// <summary>What becomes of the values of lines.</summary>
/// <param name="Fold">How they are folded; null if they are only stored.</param>
/// <param name="IsAcross">Whether lines are folded into one, place by place, rather than each into one value.</param>
/// <param name="Stores">Whether values are stored, by the last of the operands.</param>
/// <param name="Streams">Whether what is stored is better not kept in the caches, and lies so that it need not.</param>
/// <param name="Prefetched">Bit i: operand i is asked for ahead.</param>
/// <param name="Varies">Whether many lines have another length than most.</param>
internal readonly record struct LineUse(
    ReduceOperation? Fold, bool IsAcross = false, bool Stores = false, bool Streams = false, ulong Prefetched = 0, bool Varies = false);
