using System.Collections.Concurrent;
using TensorCell.Kernels.Ir;
using TensorCell.Kernels.Passes;

namespace TensorCell.Kernels.Simd;

/// <summary>Remembers compiled kernels: by function, and by structure, so that equal functions share their code.</summary>
internal static class KernelCache
{
    private static readonly ConcurrentDictionary<StructuralKey, CompiledKernel> kernels = new();

    /// <summary>How many different kernels have been compiled.</summary>
    public static int Count => kernels.Count;

    /// <summary>The compiled form of a function at the present vector width.</summary>
    public static CompiledKernel Get(KernelFunction function)
    {
        var bits = VectorWidth.Bits;
        var contraction = Optimizer.Contraction;
        if (function.Compiled is { } remembered && remembered.Bits == bits && remembered.Contraction == contraction)
        {
            return remembered.Kernel;
        }

        var kernel = kernels.GetOrAdd(
            StructuralKey.Of(function, bits, contraction),
            static (_, input) => new CompiledKernel(
                Optimizer.Optimize(input.function.Results, input.contraction), input.function.Parameters.Length, input.bits),
            (function, bits, contraction));
        function.Compiled = new(bits, contraction, kernel);
        return kernel;
    }

    /// <summary>What a function remembers of its last launch.</summary>
    internal sealed record Entry(int Bits, bool Contraction, CompiledKernel Kernel);
}
