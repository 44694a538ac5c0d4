using TensorCell.Kernels.Ir;
using TensorCell.Kernels.Passes;

namespace TensorCell.Kernels.Simd;

/// <summary>Finds the compiled form of kernel functions: by function, and by structure, so that equal functions share their code.</summary>
internal static class KernelCache
{
    /// <summary>The compiled form of a function at the present vector width.</summary>
    public static CompiledKernel Get(KernelFunction function)
    {
        var bits = VectorWidth.Bits;
        var contraction = Optimizer.Contraction;
        if (function.Compiled is { } remembered && remembered.Bits == bits && remembered.Contraction == contraction)
        {
            CodeCache.CountHit();
            return remembered.Kernel;
        }

        var kernel = CodeCache.Get(
            StructuralKey.Of(function, bits, contraction),
            () => new CompiledKernel(function, Optimizer.Optimize(function.Results, contraction), bits));
        function.Compiled = new(bits, contraction, kernel);
        return kernel;
    }

    /// <summary>What a function remembers of its last launch.</summary>
    internal sealed record Entry(int Bits, bool Contraction, CompiledKernel Kernel);
}
