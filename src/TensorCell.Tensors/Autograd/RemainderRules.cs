namespace TensorCell.Tensors.Autograd;

/// <summary>Derivations of operations whose kernels are made of bits and steps.</summary>
internal static class RemainderRules
{
    /// <summary>Derives the quotient rounded down, which is constant but for its steps.</summary>
    public static Tensor FloorDivide(Tensor result, Tensor left, Tensor right) =>
        result.Derive("floordivide", [left, right], null, (_, _, _) => null, DerivationReads.Nothing);

    /// <summary>Derives the remainder with the sign of the divisor: x - ⌊x / y⌋ · y.</summary>
    public static Tensor Modulo(Tensor result, Tensor left, Tensor right) =>
        result.Derive("modulo", [left, right], null, (input, gradient, _) => input == 0
            ? gradient.SumTo(left.Shape)
            : (-gradient * left.FloorDivide(right)).SumTo(right.Shape), DerivationReads.Inputs);

    /// <summary>Derives the size of one tensor with the sign of another.</summary>
    public static Tensor CopySign(Tensor result, Tensor left, Tensor right) =>
        result.Derive("copysign", [left, right], null, (input, gradient, y) => input == 0
            ? Tensor.Where(left.Sign().EqualTo(y.Sign()), gradient, -gradient).SumTo(left.Shape)
            : null, DerivationReads.Inputs | DerivationReads.Result);
}
