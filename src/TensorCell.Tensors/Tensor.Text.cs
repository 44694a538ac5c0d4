namespace TensorCell.Tensors;

// The tensor as text.
public sealed partial class Tensor
{
    /// <summary>
    /// The elements as NumPy prints them: eight digits of precision, columns aligned, the middle of long axes left out when there are more
    /// than 1000 elements. Computes what is pending.
    /// </summary>
    public override string ToString() => TensorPrinter.Print(this);
}
