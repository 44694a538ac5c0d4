using TensorCell.Kernels.Passes;
using TensorCell.Kernels.Simd;

namespace TensorCell.Kernels.Tests;

/// <summary>The engine's process-wide settings for a while; tests that change them share a collection, which runs alone.</summary>
[CollectionDefinition(nameof(EngineSettings), DisableParallelization = true)]
public sealed class EngineSettings : IDisposable
{
    private readonly (int Bits, bool Contraction, int Threads, long Streamed) before =
        (VectorWidth.Bits, Optimizer.Contraction, Workers.ThreadCount, Elementwise.StreamedBeyond);

    public EngineSettings(int bits, bool contraction, int? threads = null)
    {
        VectorWidth.Bits = bits;
        Optimizer.Contraction = contraction;
        Workers.ThreadCount = threads ?? before.Threads;
    }

    public void Dispose() =>
        (VectorWidth.Bits, Optimizer.Contraction, Workers.ThreadCount, Elementwise.StreamedBeyond) = before;
}
