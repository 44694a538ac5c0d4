using TensorCell.Kernels.Ir;
using TensorCell.Kernels.Passes;

namespace TensorCell.Kernels.Ptx;

/// <summary>PTX to be read rather than run: empty where a GPU cannot run the program, as one whose groups share more memory than it has.</summary>
internal static class PtxText
{
    /// <summary>The PTX of a program, optimised; what its items return is stored to views behind its own.</summary>
    public static string Of(GridProgram optimized) => Of(() => PtxEmitter.Emit(ResultViews.Of(optimized)));

    /// <summary>The PTX of a function of single elements, or of folding its values, for operands that lie in memory as they are computed with.</summary>
    /// <param name="function">The function.</param>
    /// <param name="fold">How its values are folded; null if they are stored.</param>
    public static string Of(KernelFunction function, ReduceOperation? fold)
    {
        if (fold is { } operation)
        {
            return Of(() => FoldProgram.Emit(function, operation, new(KeptRank: 1, ReducedRank: 1, ByGroup: true, IsFirst: true, IsLast: true), Optimizer.Contraction));
        }

        return Of(() => PtxEmitter.Emit(GridOptimizer.Optimize(FlatProgram.Of(function, rank: 1), Optimizer.Contraction)));
    }

    private static string Of(Func<PtxKernel> emit)
    {
        try
        {
            return emit().Text;
        }
        catch (NotSupportedException)
        {
            return "";
        }
    }
}
