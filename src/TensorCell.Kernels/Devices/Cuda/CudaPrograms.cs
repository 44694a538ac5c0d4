using System.Runtime.CompilerServices;
using TensorCell.Kernels.Ir;
using TensorCell.Kernels.Passes;
using TensorCell.Kernels.Ptx;

namespace TensorCell.Kernels;

/// <summary>The PTX of grid programs, remembered with them.</summary>
internal static class CudaPrograms
{
    private static readonly ConditionalWeakTable<GridProgram, Entry> known = [];

    /// <summary>The kernel of a program, optimised.</summary>
    public static PtxKernel Get(GridProgram program)
    {
        var contraction = Optimizer.Contraction;
        if (known.TryGetValue(program, out var entry) && entry.Contraction == contraction)
        {
            return entry.Kernel;
        }

        var kernel = PtxEmitter.Emit(GridOptimizer.Optimize(program, contraction));
        known.AddOrUpdate(program, new(kernel, contraction));
        return kernel;
    }

    private sealed record Entry(PtxKernel Kernel, bool Contraction);
}
