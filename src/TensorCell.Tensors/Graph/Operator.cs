using TensorCell.Kernels.Ir;

namespace TensorCell.Tensors.Graph;

/// <summary>What an elementwise operation does to the elements at one index.</summary>
/// <param name="Kind">Of what kind it is.</param>
/// <param name="Code">Which of its kind.</param>
internal readonly record struct Operator(OperatorKind Kind, byte Code = 0)
{
    private static readonly string[] unaryNames = [.. Enum.GetNames<UnaryOperation>().Select(name => name.ToLowerInvariant())];

    private static readonly string[] binaryNames = [.. Enum.GetValues<BinaryOperation>().Select(operation => operation switch
    {
        BinaryOperation.Pow => "power",
        BinaryOperation.Min => "minimum",
        BinaryOperation.Max => "maximum",
        _ => operation.ToString().ToLowerInvariant(),
    })];

    private static readonly string[] comparisonNames = [.. Enum.GetNames<Comparison>().Select(name => name.ToLowerInvariant())];

    /// <summary>The name errors and traces use.</summary>
    public string Name => Kind switch
    {
        OperatorKind.Unary => unaryNames[Code],
        OperatorKind.Binary => binaryNames[Code],
        OperatorKind.Comparison => comparisonNames[Code],
        OperatorKind.Select => "where",
        _ => Kind.ToString().ToLowerInvariant(),
    };

    /// <summary>About how many vector instructions one application takes.</summary>
    public int Cost => Kind switch
    {
        OperatorKind.Unary => (UnaryOperation)Code >= UnaryOperation.Cbrt ? 30 : 1,
        OperatorKind.Binary => (BinaryOperation)Code switch
        {
            BinaryOperation.Pow or BinaryOperation.Atan2 => 60,
            BinaryOperation.Hypot or BinaryOperation.Remainder => 10,
            _ => 1,
        },
        _ => 1,
    };

    /// <summary>Whether the result is bool whatever the operands are.</summary>
    public bool IsPredicate => Kind is OperatorKind.Comparison or OperatorKind.IsNaN or OperatorKind.IsFinite;

    /// <summary>Whether it needs floating-point operands, so that integers are converted to f64.</summary>
    public bool IsReal => Kind switch
    {
        OperatorKind.Unary => (UnaryOperation)Code is UnaryOperation.Sqrt or >= UnaryOperation.ReciprocalSqrt,
        OperatorKind.Binary =>
            (BinaryOperation)Code is BinaryOperation.Divide or BinaryOperation.Pow or BinaryOperation.Atan2 or BinaryOperation.Hypot,
        _ => Kind == OperatorKind.Reciprocal,
    };

    public static implicit operator Operator(UnaryOperation operation) => new(OperatorKind.Unary, (byte)operation);

    public static implicit operator Operator(BinaryOperation operation) => new(OperatorKind.Binary, (byte)operation);

    public static implicit operator Operator(Comparison comparison) => new(OperatorKind.Comparison, (byte)comparison);
}
