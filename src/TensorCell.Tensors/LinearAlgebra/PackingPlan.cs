using TensorCell.Kernels;

namespace TensorCell.Tensors.LinearAlgebra;

/// <summary>
/// The packing of a span of a matrix, shared out into tasks. The panels lie block of depth after block of depth, and in each side by side.
/// </summary>
/// <param name="matrix">The span's first element; its rows lie across the panels, its columns along their depth.</param>
/// <param name="span">How many rows.</param>
/// <param name="depth">How many columns.</param>
/// <param name="depthBlock">Steps of depth in a block; the last may have fewer.</param>
/// <param name="panelWidth">Elements across each panel.</param>
/// <param name="target">Receives the panels.</param>
internal readonly unsafe struct PackingPlan<T>(
    MatrixOperand matrix, nint span, nint depth, nint depthBlock, int panelWidth, T* target)
    where T : unmanaged
{
    private const int MostPanels = 8;

    // Memory is read in long stretches: of many panels through a few steps where they lie side by side, else of a few through a whole block.
    private readonly nint taskWidth = panelWidth * (matrix.RowStride == 1 ? 64 : PanelsPerTask(BlockSizes.CeilingDivide(span, panelWidth)));
    private readonly nint taskSteps = matrix.RowStride == 1 ? Math.Min(depthBlock, 64) : depthBlock;

    /// <summary>How many tasks there are.</summary>
    public int TaskCount => (int)(Groups * Slices * BlockSizes.CeilingDivide(depth, depthBlock));

    // Few panels are shared out one by one, or one thread would pack while the others wait.
    private static nint PanelsPerTask(nint panels) => Math.Clamp(panels / (2 * Workers.ThreadCount), 1, MostPanels);

    private nint Groups => BlockSizes.CeilingDivide(span, taskWidth);

    private nint Slices => BlockSizes.CeilingDivide(depthBlock, taskSteps);

    /// <summary>Does one task.</summary>
    public void Run(int task)
    {
        var (slice, group) = Math.DivRem(task, Groups);
        var block = slice / Slices * depthBlock;
        var blockSteps = Math.Min(depthBlock, depth - block);
        var step = slice % Slices * taskSteps;
        var steps = Math.Min(taskSteps, blockSteps - step);
        if (steps <= 0)
        {
            return;
        }

        var across = group * taskWidth;
        Packing<T>.Pack(
            (T*)matrix.Offset((across * matrix.RowStride) + ((block + step) * matrix.ColumnStride), sizeof(T)).Address,
            (nint)matrix.RowStride,
            (nint)matrix.ColumnStride,
            Math.Min(taskWidth, span - across),
            panelWidth,
            steps,
            target + (block * BlockSizes.RoundUp(span, panelWidth)) + (across * blockSteps) + (step * panelWidth),
            blockSteps * panelWidth);
    }
}
