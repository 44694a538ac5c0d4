namespace TensorCell.Tensors.Tests;

/// <summary>One operation of a <see cref="RandomProgram"/>.</summary>
/// <param name="Text">What it does, for the error.</param>
/// <param name="Inputs">The numbers of the tensors that it reads or writes to.</param>
/// <param name="Engine">It, done by the engine.</param>
/// <param name="Plain">It, done element by element; null where the result is not fit to be compared.</param>
internal sealed record ProgramStep(string Text, int[] Inputs, Func<Tensor[], Tensor> Engine, Func<PlainTensor[], PlainTensor?> Plain)
{
    /// <summary>Whether it writes to its first input, which is what it gives.</summary>
    public bool IsWrite { get; init; }

    /// <summary>Whether the engine needs to have computed all that is pending before.</summary>
    public bool IsBarrier { get; init; }
}
