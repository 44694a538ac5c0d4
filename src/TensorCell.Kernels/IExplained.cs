namespace TensorCell.Kernels;

/// <summary>What compiles to kernels and can show them: <c>#!explain</c> asks for it.</summary>
public interface IExplained
{
    /// <summary>What it compiles to; compiles it if it was not yet.</summary>
    KernelExplanation Explain();
}
