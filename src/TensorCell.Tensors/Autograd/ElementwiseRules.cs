using TensorCell.Kernels;
using TensorCell.Kernels.Ir;
using TensorCell.Kernels.Passes;
using TensorCell.Tensors.Graph;

namespace TensorCell.Tensors.Autograd;

/// <summary>Derivations of the operations on each element.</summary>
internal static class ElementwiseRules
{
    /// <summary>Derives an operation on one tensor.</summary>
    public static Tensor Unary(Tensor result, Operator op, Tensor x) => result.Derive(op.Name, [x], null, (_, gradient, y) => op.Kind switch
    {
        OperatorKind.Unary => Derivatives<Tensor, TensorAlgebra>.Of((UnaryOperation)op.Code, gradient, x, y),
        OperatorKind.Reciprocal => -gradient * y * y,
        _ => null,
    }, ReadsOf(op));

    private static DerivationReads ReadsOf(Operator op) => op.Kind switch
    {
        OperatorKind.Reciprocal => DerivationReads.Result,
        OperatorKind.Unary => (UnaryOperation)op.Code switch
        {
            UnaryOperation.Negate => DerivationReads.Nothing,
            UnaryOperation.Sqrt or UnaryOperation.ReciprocalSqrt or UnaryOperation.Exp or UnaryOperation.Exp2 or UnaryOperation.ExpM1
                or UnaryOperation.Tan or UnaryOperation.Tanh or UnaryOperation.Sigmoid or UnaryOperation.Cbrt => DerivationReads.Result,
            _ => DerivationReads.Inputs,
        },
        _ => DerivationReads.Nothing,
    };

    /// <summary>Derives an operation on two tensors that broadcast.</summary>
    public static Tensor Binary(Tensor result, Operator op, Tensor left, Tensor right) =>
        result.Derive(op.Name, [left, right], null, (input, gradient, y) => op.Kind != OperatorKind.Binary ? null
            : input == 0 && op == BinaryOperation.Pow && right.Number is { } exponent ? OfPower(gradient, left, exponent.AsDouble)
            : input == 0 ? Derivatives<Tensor, TensorAlgebra>.OfLeft((BinaryOperation)op.Code, gradient, left, right, y)?.SumTo(left.Shape)
            : Derivatives<Tensor, TensorAlgebra>.OfRight((BinaryOperation)op.Code, gradient, left, right, y)?.SumTo(right.Shape),
            op == BinaryOperation.Add || op == BinaryOperation.Subtract ? DerivationReads.Nothing
            : op == BinaryOperation.Multiply ? DerivationReads.Inputs
            : DerivationReads.Inputs | DerivationReads.Result);

    /// <summary>The gradient of the base of a power to a bare number, in the base's type.</summary>
    private static Tensor OfPower(Tensor gradient, Tensor x, double exponent) =>
        exponent == 0 ? Tensor.ZerosLike(x) : (gradient * exponent * x.Power(exponent - 1)).SumTo(x.Shape);

    /// <summary>Derives a choice between two tensors.</summary>
    public static Tensor Select(Tensor result, Tensor condition, Tensor whenTrue, Tensor whenFalse) =>
        result.Derive("where", [condition, whenTrue, whenFalse], null, (input, gradient, _) => input switch
        {
            1 => Tensor.Where(condition, gradient, 0).SumTo(whenTrue.Shape),
            2 => Tensor.Where(condition, 0, gradient).SumTo(whenFalse.Shape),
            _ => null,
        });

    /// <summary>Derives a conversion; the gradient is converted back by whoever asked for it.</summary>
    public static Tensor Convert(Tensor result, Tensor source, DType type) =>
        result.Derive("convert", [source], type, (_, gradient, _) => gradient, DerivationReads.Nothing);

    /// <summary>Derives a user's function by differentiating its graph.</summary>
    public static Tensor Custom(Tensor result, ElementwiseFunction body, Tensor[] arguments, Number[] captured) =>
        result.Derive(body.Name, arguments, null, (input, gradient, y) =>
        {
            if (body.DerivativeBy(input) is not { } derivative)
            {
                return null;
            }

            Operand[] operands = new Operand[arguments.Length + 1 + captured.Length];
            for (int index = 0; index < arguments.Length; index++)
            {
                operands[index] = arguments[index].As(y.Shape);
            }

            operands[arguments.Length] = gradient.As(y.Shape);
            for (int index = 0; index < captured.Length; index++)
            {
                operands[arguments.Length + 1 + index] =
                    Tensor.OfNumber(captured[index], body.ParameterTypes[arguments.Length + index]).As(y.Shape);
            }

            return Tensor.Elementwise(new ElementwiseOperation(derivative, operands), y.Shape, derivative.ResultType)
                .SumTo(arguments[input].Shape);
        });

    /// <summary>The derivative of a function that runs by itself, found by forward accumulation and run by itself.</summary>
    public static Tensor Custom(Tensor result, GridFunction body, Tensor[] arguments, KernelArgument[] others) =>
        result.Derive(body.Name, arguments, null, (input, gradient, y) =>
        {
            if (body.DerivativeBy(input) is not { } derivative)
            {
                return null;
            }

            Operand[] operands = [.. arguments.Select(argument => argument.As(y.Shape)), gradient.As(y.Shape)];
            return derivative.Run(operands, others, y.Shape).SumTo(arguments[input].Shape);
        });
}
