using TensorCell.Kernels.Ir;
using TensorCell.Kernels.Passes;

namespace TensorCell.Tensors.Autograd;

/// <summary>Computes with whole tensors.</summary>
internal sealed class TensorAlgebra : IAlgebra<Tensor>
{
    private TensorAlgebra()
    {
    }

    /// <inheritdoc/>
    public static Tensor Constant(Tensor like, double number) => number;

    /// <inheritdoc/>
    public static Tensor Unary(UnaryOperation operation, Tensor value) => Tensor.Unary(operation, value);

    /// <inheritdoc/>
    public static Tensor Binary(BinaryOperation operation, Tensor left, Tensor right) => Tensor.Binary(operation, left, right);

    /// <inheritdoc/>
    public static Tensor Compare(Comparison comparison, Tensor left, Tensor right) => Tensor.Binary(comparison, left, right);

    /// <inheritdoc/>
    public static Tensor Select(Tensor condition, Tensor whenTrue, Tensor whenFalse) => Tensor.Where(condition, whenTrue, whenFalse);
}
