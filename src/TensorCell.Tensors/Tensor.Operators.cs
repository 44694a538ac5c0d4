using TensorCell.Kernels;
using TensorCell.Kernels.Ir;
using TensorCell.Tensors.Autograd;
using TensorCell.Tensors.Graph;

namespace TensorCell.Tensors;

// Arithmetic, comparison and logic, by operators and by name.
public sealed partial class Tensor
{
    /// <summary>A number that takes the type of the tensor it meets.</summary>
    public static implicit operator Tensor(double number) => OfNumber(new Number(number), DType.Float64);

    /// <summary>A number that takes the type of the tensor it meets.</summary>
    public static implicit operator Tensor(float number) => OfNumber(new Number(number), DType.Float32);

    /// <summary>A number that takes the type of the tensor it meets, unless it does not fit it.</summary>
    public static implicit operator Tensor(int number) => OfNumber(new Number(number), DType.Int32);

    /// <summary>A number that takes the type of the tensor it meets, unless it does not fit it.</summary>
    public static implicit operator Tensor(long number) => OfNumber(new Number(number), DType.Int64);

    /// <summary>A truth value.</summary>
    public static implicit operator Tensor(bool truth) => OfNumber(new Number(truth), DType.Bool);

    /// <summary>The elementwise sum.</summary>
    public static Tensor operator +(Tensor left, Tensor right) => Binary(BinaryOperation.Add, left, right);

    /// <summary>The elementwise difference.</summary>
    public static Tensor operator -(Tensor left, Tensor right) => Binary(BinaryOperation.Subtract, left, right);

    /// <summary>The elementwise product; for the matrix product see <see cref="MatMul"/>.</summary>
    public static Tensor operator *(Tensor left, Tensor right) => Binary(BinaryOperation.Multiply, left, right);

    /// <summary>The elementwise quotient; of integers, an f64 as in NumPy.</summary>
    public static Tensor operator /(Tensor left, Tensor right) => Binary(BinaryOperation.Divide, left, right);

    /// <summary>The elementwise remainder with the sign of the left operand, as C#'s <c>%</c>.</summary>
    public static Tensor operator %(Tensor left, Tensor right) => Binary(BinaryOperation.Remainder, left, right);

    /// <summary>The negated elements.</summary>
    public static Tensor operator -(Tensor tensor) => Unary(UnaryOperation.Negate, tensor);

    /// <summary>The same elements.</summary>
    public static Tensor operator +(Tensor tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        return tensor.Same();
    }

    /// <summary>Elementwise, whether left is less; a bool tensor.</summary>
    public static Tensor operator <(Tensor left, Tensor right) => Binary(Comparison.Less, left, right);

    /// <summary>Elementwise, whether left is greater; a bool tensor.</summary>
    public static Tensor operator >(Tensor left, Tensor right) => Binary(Comparison.Greater, left, right);

    /// <summary>Elementwise, whether left is less or equal; a bool tensor.</summary>
    public static Tensor operator <=(Tensor left, Tensor right) => Binary(Comparison.LessOrEqual, left, right);

    /// <summary>Elementwise, whether left is greater or equal; a bool tensor.</summary>
    public static Tensor operator >=(Tensor left, Tensor right) => Binary(Comparison.GreaterOrEqual, left, right);

    /// <summary>Both, of bool tensors; the common bits, of integers.</summary>
    public static Tensor operator &(Tensor left, Tensor right) => Binary(BinaryOperation.And, left, right);

    /// <summary>Either, of bool tensors; the joined bits, of integers.</summary>
    public static Tensor operator |(Tensor left, Tensor right) => Binary(BinaryOperation.Or, left, right);

    /// <summary>Exactly one, of bool tensors; the differing bits, of integers.</summary>
    public static Tensor operator ^(Tensor left, Tensor right) => Binary(BinaryOperation.Xor, left, right);

    /// <summary>The opposite, of a bool tensor.</summary>
    public static Tensor operator !(Tensor tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        return tensor.DType == DType.Bool
            ? Unary(UnaryOperation.Not, tensor)
            : Throw.Argument<Tensor>($"not: needs a bool tensor, found {tensor.DType.Name}; compare first, as in !(x > 0)");
    }

    /// <summary>The complement of every bit, or of a truth value.</summary>
    public static Tensor operator ~(Tensor tensor) => Unary(UnaryOperation.Not, tensor);

    /// <summary>Elementwise, whether both are equal; a bool tensor. (<c>==</c> asks whether they are the same object.)</summary>
    public Tensor EqualTo(Tensor other) => Binary(Comparison.Equal, this, other);

    /// <summary>Elementwise, whether they differ; a bool tensor.</summary>
    public Tensor NotEqualTo(Tensor other) => Binary(Comparison.NotEqual, this, other);

    /// <summary>The elementwise power; of integers an integer, which wraps.</summary>
    /// <exception cref="ArgumentException">An integer to a negative power.</exception>
    public Tensor Power(Tensor exponent)
    {
        ArgumentNullException.ThrowIfNull(exponent);
        if (!Promote("power", this, exponent).IsFloatingPoint)
        {
            return IntegerPower(exponent);
        }

        if (exponent.Number is { } number && DType.IsFloatingPoint)
        {
            switch (number.AsDouble)
            {
                case 2:
                    return this * this;
                case 3 when DType is DType.Float32 or DType.Float64:
                    return this * this * this;
                case 0.5:
                    return Sqrt();
                case -1:
                    return Reciprocal();
            }
        }

        return Binary(BinaryOperation.Pow, this, exponent);
    }

    private Tensor IntegerPower(Tensor exponent)
    {
        if (exponent.Number is { } number ? number.AsLong < 0 : exponent.DType != DType.Bool && (bool)(exponent < 0).Any())
        {
            Throw.Argument($"power: {DType.Name} {Shape} to a negative power: an integer cannot hold it; use .To(DType.Float64) first");
        }

        return exponent.Number is { AsLong: 2 } ? this * this : Composed("power", nameof(IntegerFunctions.Power), this, exponent, isInteger: true);
    }

    /// <summary>The lesser of each two elements; NaN if either is.</summary>
    public static Tensor Minimum(Tensor left, Tensor right) => Binary(BinaryOperation.Min, left, right);

    /// <summary>The greater of each two elements; NaN if either is.</summary>
    public static Tensor Maximum(Tensor left, Tensor right) => Binary(BinaryOperation.Max, left, right);

    /// <summary>The angle of each point (x, y), in radians from -π to π.</summary>
    public static Tensor Atan2(Tensor y, Tensor x) => Binary(BinaryOperation.Atan2, y, x);

    /// <summary>√(x² + y²), without undue overflow.</summary>
    public static Tensor Hypot(Tensor x, Tensor y) => Binary(BinaryOperation.Hypot, x, y);

    /// <summary>Elements of <paramref name="whenTrue"/> where the condition holds, else of <paramref name="whenFalse"/>.</summary>
    /// <param name="condition">A bool tensor; all three broadcast together.</param>
    /// <param name="whenTrue">Values where it holds.</param>
    /// <param name="whenFalse">Values where it does not.</param>
    public static Tensor Where(Tensor condition, Tensor whenTrue, Tensor whenFalse)
    {
        ArgumentNullException.ThrowIfNull(condition);
        ArgumentNullException.ThrowIfNull(whenTrue);
        ArgumentNullException.ThrowIfNull(whenFalse);
        if (condition.DType != DType.Bool)
        {
            Throw.Argument($"where: the condition needs to be a bool tensor, found {condition.DType.Name}; compare first, as in x > 0");
        }

        DType type = Promote("where", whenTrue, whenFalse);
        Shape shape = Shape.Broadcast("where", Shape.Broadcast("where", whenTrue.Shape, whenFalse.Shape), condition.Shape);
        whenTrue = Rounded(whenTrue, type);
        whenFalse = Rounded(whenFalse, type);
        Tensor result = Elementwise(
            new ElementwiseOperation(
                new(OperatorKind.Select), type, condition.As(shape), whenTrue.As(shape), whenFalse.As(shape)),
            shape,
            type);
        return Tape.Keeps(whenTrue, whenFalse) || Tape.Keeps(condition)
            ? ElementwiseRules.Select(result, condition, whenTrue, whenFalse)
            : result;
    }

    /// <summary>
    /// The elements as another type: to an integer truncated, to bool whether they are not zero. A tensor of that type comes back itself, so that writing to
    /// one in place writes to both; <see cref="Clone"/> gives it elements of its own.
    /// </summary>
    public Tensor To(DType dtype)
    {
        if (dtype == DType)
        {
            return this;
        }

        Tensor result = Elementwise(new ElementwiseOperation(new(OperatorKind.Convert), dtype, As(Shape)), Shape, dtype);
        return Tape.Keeps(this) ? ElementwiseRules.Convert(result, this, dtype) : result;
    }

    /// <summary>A bare number as a tensor.</summary>
    internal static Tensor OfNumber(Number number, DType dtype) =>
        new(new Value(Layout.Scalar, dtype, new ConstantOperation(number), 0)) { Number = number };

    /// <summary>A pending tensor of an operation that fuses with nothing.</summary>
    internal static Tensor Pending(Operation operation, Shape shape, DType dtype) =>
        new(new Value(Layout.Of(shape), dtype, operation, 0));

    /// <summary>A pending tensor of an elementwise operation.</summary>
    internal static Tensor Elementwise(ElementwiseOperation operation, Shape shape, DType dtype)
    {
        Layout? layout = null;
        int cost = 0;
        foreach (ref readonly Operand input in operation.Inputs.AsSpan())
        {
            cost = Math.Max(cost, input.Value.Cost);
            if (layout is null && input.Layout.Offset == 0 && input.Layout.IsContiguous)
            {
                layout = input.Layout;
            }
        }

        cost += operation.Cost;
        if (cost > Graph.Group.CostLimit)
        {
            // Graphs stay shallow: what would be too much for one kernel is computed up to here.
            foreach (ref readonly Operand input in operation.Inputs.AsSpan())
            {
                if (input.Value.Operation is ElementwiseOperation)
                {
                    Realizer.Realize(input.Value);
                }
            }

            cost = operation.Cost;
        }

        return new Tensor(new Value(layout ?? Layout.Of(shape), dtype, operation, cost));
    }

    internal static Tensor Unary(Operator op, Tensor tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        DType type = op.IsReal && !tensor.DType.IsFloatingPoint ? DType.Float64 : tensor.DType;
        if (type == DType.Bool && op != UnaryOperation.Not)
        {
            Throw.Argument($"{op.Name}: not defined on bool; use .To(DType.Float32) or .To(DType.Int64) first");
        }

        if (op == UnaryOperation.Not && type.IsFloatingPoint)
        {
            Throw.Argument($"{op.Name}: not defined on {type.Name}; use it on bool or integer tensors");
        }

        Tensor result = Elementwise(
            new ElementwiseOperation(op, type, tensor.As(tensor.Shape)), tensor.Shape, op.IsPredicate ? DType.Bool : type);
        return Tape.Keeps(tensor) ? ElementwiseRules.Unary(result, op, tensor) : result;
    }

    internal static Tensor Binary(Operator op, Tensor left, Tensor right)
    {
        ArgumentNullException.ThrowIfNull(left);
        ArgumentNullException.ThrowIfNull(right);
        DType type = Promote(op.Name, left, right);
        if (op.IsReal && !type.IsFloatingPoint)
        {
            type = DType.Float64;
        }

        if (type == DType.Bool && op.Kind == OperatorKind.Comparison && op != Comparison.Equal && op != Comparison.NotEqual)
        {
            // Vectors hold a truth as -1, so only as integers is false the lesser.
            type = DType.Int32;
        }

        bool isBitwise = op == BinaryOperation.And || op == BinaryOperation.Or || op == BinaryOperation.Xor;
        if (type == DType.Bool && !op.IsPredicate && !isBitwise)
        {
            op = (BinaryOperation)op.Code switch
            {
                BinaryOperation.Add or BinaryOperation.Max => BinaryOperation.Or,
                BinaryOperation.Multiply or BinaryOperation.Min => BinaryOperation.And,
                _ => Throw.Argument<BinaryOperation>(
                    $"{op.Name}: not defined on two bool tensors; use ^, or .To(DType.Float32) or .To(DType.Int64) first"),
            };
        }

        if (isBitwise && type.IsFloatingPoint)
        {
            Throw.Argument($"{op.Name}: not defined on {type.Name}; use it on bool or integer tensors");
        }

        Shape shape = Shape.Broadcast(op.Name, left.Shape, right.Shape);
        left = Rounded(left, type);
        right = Rounded(right, type);
        Tensor result = Elementwise(
            new ElementwiseOperation(op, type, left.As(shape), right.As(shape)), shape, op.IsPredicate ? DType.Bool : type);
        return Tape.Keeps(left, right) ? ElementwiseRules.Binary(result, op, left, right) : result;
    }

    /// <summary>The type in which an operation on two tensors computes.</summary>
    internal static DType Promote(string operation, Tensor left, Tensor right) => (left.Number, right.Number) switch
    {
        (null, { } number) => Promotion.WithNumber(operation, left.DType, number),
        ({ } number, null) => Promotion.WithNumber(operation, right.DType, number),
        _ => Promotion.Of(left.DType, right.DType),
    };

    /// <summary>The tensor in the type that its elements are computed in.</summary>
    internal static Tensor Computable(Tensor tensor) => tensor.To(tensor.DType.Computed);

    /// <summary>A bare number as the element that it becomes beside halves; any other tensor as it is.</summary>
    private static Tensor Rounded(Tensor tensor, DType type) => tensor.Number is { } number && type.Computed != type
        ? OfNumber(number.RoundedTo(type), type)
        : tensor;
}
