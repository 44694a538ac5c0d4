namespace TensorCell.Tensors;

// Random numbers.
public sealed partial class Tensor
{
    /// <summary>A reproducible sequence of random tensors: <c>Tensor.Random(42).Normal((3, 4))</c>.</summary>
    /// <param name="seed">What determines the sequence.</param>
    public static RandomStream Random(ulong seed) => new(seed);
}
