using TensorCell.Kernels.Ir;

namespace TensorCell.Kernels.Passes;

/// <summary>
/// The derivative of every real operation of the engine, as the gradient that flows back to an operand given the gradient of the result.
/// Where a function has a corner or two operands tie, the gradient is one of its subgradients: 0 for |x| at 0, half each for a tie.
/// </summary>
internal static class Derivatives<TValue, TAlgebra>
    where TValue : class
    where TAlgebra : IAlgebra<TValue>
{
    /// <summary>The gradient of an operation's operand, or null where it is zero everywhere.</summary>
    /// <param name="operation">The operation.</param>
    /// <param name="gradient">The gradient of its result.</param>
    /// <param name="x">Its operand.</param>
    /// <param name="y">Its result.</param>
    public static TValue? Of(UnaryOperation operation, TValue gradient, TValue x, TValue y) => operation switch
    {
        UnaryOperation.Negate => Apply(UnaryOperation.Negate, gradient),
        UnaryOperation.Abs => Multiply(gradient, Apply(UnaryOperation.Sign, x)),
        UnaryOperation.Not or UnaryOperation.Sign => null,
        UnaryOperation.Floor or UnaryOperation.Ceiling or UnaryOperation.Truncate or UnaryOperation.Round => null,
        UnaryOperation.RoundToFloat16 or UnaryOperation.RoundToBFloat16 => gradient,
        UnaryOperation.Sqrt => Divide(Scale(gradient, 0.5), y),
        UnaryOperation.ReciprocalSqrt => Multiply(Scale(gradient, -0.5), Multiply(y, Multiply(y, y))),
        UnaryOperation.Cbrt => Divide(gradient, Scale(Multiply(y, y), 3)),
        UnaryOperation.Exp => Multiply(gradient, y),
        UnaryOperation.Exp2 => Multiply(gradient, Scale(y, Math.Log(2))),
        UnaryOperation.ExpM1 => Multiply(gradient, Plus(y, 1)),
        UnaryOperation.Log => Divide(gradient, x),
        UnaryOperation.Log2 => Divide(gradient, Scale(x, Math.Log(2))),
        UnaryOperation.Log10 => Divide(gradient, Scale(x, Math.Log(10))),
        UnaryOperation.Log1P => Divide(gradient, Plus(x, 1)),
        UnaryOperation.Sin => Multiply(gradient, Apply(UnaryOperation.Cos, x)),
        UnaryOperation.Cos => Multiply(Apply(UnaryOperation.Negate, gradient), Apply(UnaryOperation.Sin, x)),
        UnaryOperation.Tan => Multiply(gradient, Plus(Multiply(y, y), 1)),
        UnaryOperation.Asin => Divide(gradient, Apply(UnaryOperation.Sqrt, OneMinusSquare(x))),
        UnaryOperation.Acos => Divide(Apply(UnaryOperation.Negate, gradient), Apply(UnaryOperation.Sqrt, OneMinusSquare(x))),
        UnaryOperation.Atan => Divide(gradient, Plus(Multiply(x, x), 1)),
        UnaryOperation.Sinh => Multiply(gradient, Apply(UnaryOperation.Cosh, x)),
        UnaryOperation.Cosh => Multiply(gradient, Apply(UnaryOperation.Sinh, x)),
        UnaryOperation.Tanh => Multiply(gradient, OneMinusSquare(y)),
        UnaryOperation.Asinh => Divide(gradient, Apply(UnaryOperation.Sqrt, Plus(Multiply(x, x), 1))),
        UnaryOperation.Acosh => Divide(gradient, Apply(UnaryOperation.Sqrt, Multiply(Plus(x, -1), Plus(x, 1)))),
        UnaryOperation.Atanh => Divide(gradient, OneMinusSquare(x)),
        UnaryOperation.Sigmoid => Multiply(gradient, Multiply(y, From(1, y))),
        UnaryOperation.Erf => Multiply(
            gradient, Scale(Apply(UnaryOperation.Exp, Apply(UnaryOperation.Negate, Multiply(x, x))), 2 / Math.Sqrt(Math.PI))),
        _ => throw new ArgumentOutOfRangeException(nameof(operation), operation, null),
    };

    /// <summary>The gradient of an operation's left operand, or null where it is zero everywhere.</summary>
    /// <param name="operation">The operation.</param>
    /// <param name="gradient">The gradient of its result.</param>
    /// <param name="x">Its left operand.</param>
    /// <param name="y">Its right operand.</param>
    /// <param name="result">Its result.</param>
    public static TValue? OfLeft(BinaryOperation operation, TValue gradient, TValue x, TValue y, TValue result) => operation switch
    {
        BinaryOperation.Add or BinaryOperation.Subtract or BinaryOperation.Remainder => gradient,
        BinaryOperation.Multiply => Multiply(gradient, y),
        BinaryOperation.Divide => Divide(gradient, y),
        BinaryOperation.Min => Chosen(Comparison.Less, gradient, x, y),
        BinaryOperation.Max => Chosen(Comparison.Greater, gradient, x, y),
        BinaryOperation.Pow => TAlgebra.Select(
            TAlgebra.Compare(Comparison.Equal, y, TAlgebra.Constant(y, 0)),
            TAlgebra.Constant(result, 0),
            Multiply(gradient, Multiply(y, TAlgebra.Binary(BinaryOperation.Pow, x, Plus(y, -1))))),
        BinaryOperation.Atan2 => Divide(Multiply(gradient, y), Add(Multiply(x, x), Multiply(y, y))),
        BinaryOperation.Hypot => Divide(Multiply(gradient, x), result),
        _ => null,
    };

    /// <summary>The gradient of an operation's right operand, or null where it is zero everywhere.</summary>
    /// <inheritdoc cref="OfLeft"/>
    public static TValue? OfRight(BinaryOperation operation, TValue gradient, TValue x, TValue y, TValue result) => operation switch
    {
        BinaryOperation.Add or BinaryOperation.SinOfHuge or BinaryOperation.CosOfHuge or BinaryOperation.TanOfHuge => gradient,
        BinaryOperation.Subtract => Apply(UnaryOperation.Negate, gradient),
        BinaryOperation.Multiply => Multiply(gradient, x),
        BinaryOperation.Divide => Divide(Multiply(Apply(UnaryOperation.Negate, gradient), result), y),
        BinaryOperation.Remainder => Multiply(
            Apply(UnaryOperation.Negate, gradient), Apply(UnaryOperation.Truncate, Divide(x, y))),
        BinaryOperation.Min => Chosen(Comparison.Less, gradient, y, x),
        BinaryOperation.Max => Chosen(Comparison.Greater, gradient, y, x),
        BinaryOperation.Pow => TAlgebra.Select(
            TAlgebra.Compare(Comparison.Equal, x, TAlgebra.Constant(x, 0)),
            TAlgebra.Constant(result, 0),
            Multiply(gradient, Multiply(result, Apply(UnaryOperation.Log, x)))),
        BinaryOperation.Atan2 => Divide(
            Multiply(Apply(UnaryOperation.Negate, gradient), x), Add(Multiply(x, x), Multiply(y, y))),
        BinaryOperation.Hypot => Divide(Multiply(gradient, y), result),
        _ => null,
    };

    private static TValue Apply(UnaryOperation operation, TValue value) => TAlgebra.Unary(operation, value);

    private static TValue Add(TValue left, TValue right) => TAlgebra.Binary(BinaryOperation.Add, left, right);

    private static TValue Multiply(TValue left, TValue right) => TAlgebra.Binary(BinaryOperation.Multiply, left, right);

    private static TValue Divide(TValue left, TValue right) => TAlgebra.Binary(BinaryOperation.Divide, left, right);

    private static TValue Scale(TValue value, double factor) => Multiply(value, TAlgebra.Constant(value, factor));

    private static TValue Plus(TValue value, double number) => Add(value, TAlgebra.Constant(value, number));

    private static TValue From(double number, TValue value) =>
        TAlgebra.Binary(BinaryOperation.Subtract, TAlgebra.Constant(value, number), value);

    /// <summary>1 - x² as (1 - x)(1 + x), which keeps its digits near ±1.</summary>
    private static TValue OneMinusSquare(TValue value) => Multiply(From(1, value), Plus(value, 1));

    private static TValue Chosen(Comparison wins, TValue gradient, TValue own, TValue other) => TAlgebra.Select(
        TAlgebra.Compare(wins, own, other),
        gradient,
        TAlgebra.Select(
            TAlgebra.Compare(Comparison.Equal, own, other), Scale(gradient, 0.5), TAlgebra.Constant(gradient, 0)));
}
