using TensorCell.Tensors.LinearAlgebra;

namespace TensorCell.Tensors.Attention;

/// <summary>
/// The keys cut into parts that are attended to separately and joined in the end, where there are too few rows to keep every core busy (Dao et al.
/// 2023, Flash-Decoding). It follows from the shapes alone, so the result does not depend on the number of threads.
/// </summary>
/// <param name="Keys">Keys there are.</param>
/// <param name="Count">How many parts.</param>
/// <param name="Length">Keys in each part but the last.</param>
internal readonly record struct KeySplits(nint Keys, int Count, nint Length)
{
    private const int EnoughTasks = 16;
    private const int WorthSplitting = 512;

    /// <summary>The parts.</summary>
    /// <param name="keys">Keys there are.</param>
    /// <param name="tasks">How many tasks there would be if they were not cut.</param>
    /// <param name="multiple">What the length of a part is a multiple of.</param>
    public static KeySplits For(nint keys, nint tasks, nint multiple)
    {
        nint wanted = Math.Min(BlockSizes.CeilingDivide(EnoughTasks, Math.Max(tasks, 1)), keys / WorthSplitting);
        nint length = BlockSizes.RoundUp(BlockSizes.CeilingDivide(Math.Max(keys, 1), Math.Max(wanted, 1)), multiple);
        return new KeySplits(keys, (int)Math.Max(1, BlockSizes.CeilingDivide(keys, length)), length);
    }

    /// <summary>The first key of a part.</summary>
    public nint First(int part) => part * Length;

    /// <summary>The key after the last of a part.</summary>
    public nint End(int part) => Math.Min(Keys, (part + 1) * Length);
}
