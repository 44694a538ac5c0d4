namespace TensorCell.Tensors.Tests;

/// <summary>Elements that one <see cref="PlainTensor"/> and its views share.</summary>
/// <param name="numbers">The elements.</param>
/// <param name="error">How far the engine's may be from them.</param>
internal sealed class PlainMemory(double[] numbers, double error)
{
    /// <summary>The elements, as exact as doubles are.</summary>
    public double[] Numbers { get; } = numbers;

    /// <summary>A bound of what rounding may have made of them in the engine.</summary>
    public double Error { get; set; } = error;

    /// <summary>Whether something shows it that may or may not be a view, so that nothing is written to it any more.</summary>
    public bool IsFrozen { get; set; }
}
