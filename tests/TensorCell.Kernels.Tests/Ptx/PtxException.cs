namespace TensorCell.Kernels.Tests.Ptx;

/// <summary>PTX that ptxas would refuse, or that goes wrong when it runs.</summary>
internal sealed class PtxException(int line, string problem) : Exception($"PTX, line {line}: {problem}")
{
    /// <summary>What is wrong, without the line.</summary>
    public string Problem { get; } = problem;
}
