using TensorCell.Kernels.Ir;
using TensorCell.Tensors.Graph;

namespace TensorCell.Tensors.Autograd;

/// <summary>
/// Derivations of elements held between bounds. Unlike the greater or lesser of two tensors, where a tie shares the gradient, all of it goes to the
/// element at a bound (as in PyTorch's <c>clamp</c>), or none (as in its <c>hardtanh</c>).
/// </summary>
internal static class ClampRules
{
    /// <summary>The greater of each element and its bound, derived.</summary>
    /// <param name="x">The elements.</param>
    /// <param name="bound">Their least.</param>
    /// <param name="isFlatAtBound">Whether an element at its bound has no gradient.</param>
    public static Tensor AtLeast(Tensor x, Tensor bound, bool isFlatAtBound) =>
        Derive(BinaryOperation.Max, x, bound, isFlatAtBound ? Comparison.Greater : Comparison.GreaterOrEqual, Comparison.Less);

    /// <summary>The lesser of each element and its bound, derived.</summary>
    /// <inheritdoc cref="AtLeast"/>
    public static Tensor AtMost(Tensor x, Tensor bound, bool isFlatAtBound) =>
        Derive(BinaryOperation.Min, x, bound, isFlatAtBound ? Comparison.Less : Comparison.LessOrEqual, Comparison.Greater);

    private static Tensor Derive(Operator op, Tensor x, Tensor bound, Comparison isOwn, Comparison isBound)
    {
        Tensor result;
        using (Tensor.NoGrad())
        {
            result = Tensor.Binary(op, x, bound);
        }

        return result.Derive(op.Name, [x, bound], null, (input, gradient, _) => input == 0
            ? Tensor.Where(Tensor.Binary(isOwn, x, bound), gradient, 0).SumTo(x.Shape)
            : Tensor.Where(Tensor.Binary(isBound, x, bound), gradient, 0).SumTo(bound.Shape), DerivationReads.Inputs);
    }
}
