using TensorCell.Kernels;
using TensorCell.Tensors.LinearAlgebra;

namespace TensorCell.Tensors.Convolution;

/// <summary>
/// Computes a sliding product of few terms. Beside so little arithmetic it counts how the result gets to memory: tiles write whole vectors there straight
/// from the registers, with the bias added. Every element is summed in one order, whatever the number of threads and the cuts.
/// </summary>
/// <param name="plan">How the product is cut.</param>
/// <param name="tile">The tile for its element type.</param>
internal sealed unsafe class StraightProduct<TSimd, TVector, T>(StraightPlan plan, TapTile tile)
    where TSimd : struct, IFusedVector<TVector, T>
    where TVector : struct
    where T : unmanaged
{
    private const int TasksPerThread = 16;
    private readonly SlidingProduct product = plan.Product;
    private readonly StraightLines<TSimd, TVector, T> lines = new(plan);
    private readonly nint parts = plan.Parts;
    private StraightPanels<TSimd, TVector, T> panels = null!;
    private nint* offsets;

    /// <summary>Computes the result.</summary>
    public void Run()
    {
        using CpuBuffer filters = MatrixMultiply.Allocate(StraightPanels<TSimd, TVector, T>.Length(plan, tile.Rows) * sizeof(T));
        using CpuBuffer table = MatrixMultiply.Allocate(product.Depth * sizeof(nint));
        panels = new StraightPanels<TSimd, TVector, T>(plan, tile.Rows, (T*)filters.Address);
        offsets = (nint*)table.Address;
        lines.WriteOffsets(offsets);
        nint units = plan.Blocks * parts;
        nint tasks = Math.Min(units, TasksPerThread * Workers.ThreadCount);
        product.For(panels.Count, panels.Pack);
        product.For((int)tasks, task => RunTask(units * task / tasks, units * (task + 1) / tasks));
        GC.KeepAlive(filters);
        GC.KeepAlive(table);
    }

    private void RunTask(nint first, nint end)
    {
        nint asidePitch = plan.Product.Epilogue is null ? tile.Lanes : plan.Chunk;
        using CpuBuffer memory = MatrixMultiply.Allocate((plan.LinesLength + (tile.Rows * asidePitch)) * sizeof(T));
        T* read = (T*)memory.Address;
        StraightBlock<TSimd, TVector, T> block = new(plan, tile, panels, offsets, read + plan.LinesLength, asidePitch);
        for (nint unit = first; unit < end; unit++)
        {
            (nint index, nint part) = Math.DivRem(unit, parts);
            (nint outer, nint inner) = Math.DivRem(index, plan.BlocksPerImage);
            (nint image, nint group) = Math.DivRem(outer, product.Groups);
            nint pixel = inner * plan.Block;
            nint endPixel = Math.Min(pixel + plan.Block, plan.Area);
            if (plan.IsInPlace)
            {
                Interruption.Check();
                read = lines.Place(image, group, pixel);
            }
            else if (unit == first || part == 0)
            {
                Interruption.Check();
                lines.Fill(image, group, pixel, Math.Min(endPixel + tile.Lanes - 1, plan.Area), read);
            }

            int firstPanel = (int)(plan.Panels.Length * part / parts);
            int endPanel = (int)(plan.Panels.Length * (part + 1) / parts);
            block.Run(read, (int)image, (int)group, pixel, endPixel, firstPanel, endPanel);
        }
    }
}
