using TensorCell.Kernels;

namespace TensorCell.Tensors.Graph;

/// <summary>What an elementwise operation does to the elements at one index.</summary>
internal enum Operator : byte
{
    Convert,
    Negate,
    Abs,
    Sign,
    Sqrt,
    ReciprocalSqrt,
    Reciprocal,
    Cbrt,
    Exp,
    Exp2,
    ExpM1,
    Log,
    Log2,
    Log10,
    Log1P,
    Sin,
    Cos,
    Tan,
    Asin,
    Acos,
    Atan,
    Sinh,
    Cosh,
    Tanh,
    Asinh,
    Acosh,
    Atanh,
    Sigmoid,
    Erf,
    Floor,
    Ceiling,
    Round,
    Truncate,
    IsNaN,
    IsFinite,
    Not,
    Add,
    Subtract,
    Multiply,
    Divide,
    Remainder,
    Power,
    Minimum,
    Maximum,
    Atan2,
    Hypot,
    And,
    Or,
    Xor,
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Select,
    Custom,
}

/// <summary>Facts about each <see cref="Operator"/>.</summary>
internal static class Operators
{
    private static readonly string[] names =
        [.. Enum.GetNames<Operator>().Select(name => name == nameof(Operator.Select) ? "where" : name.ToLowerInvariant())];

    extension(Operator op)
    {
        /// <summary>The name errors and traces use.</summary>
        public string Name => names[(int)op];

        /// <summary>About how many vector instructions one application takes.</summary>
        public int Cost => op switch
        {
            Operator.Power or Operator.Atan2 => 60,
            Operator.Hypot or Operator.Remainder => 10,
            >= Operator.Cbrt and <= Operator.Erf => 30,
            _ => 1,
        };

        /// <summary>Whether the result is bool whatever the operands are.</summary>
        public bool IsPredicate =>
            op is Operator.IsNaN or Operator.IsFinite or (>= Operator.Equal and <= Operator.GreaterOrEqual);

        /// <summary>Whether it needs floating-point operands, so that integers are converted to f64.</summary>
        public bool IsReal =>
            op is (>= Operator.Sqrt and <= Operator.Erf) or Operator.Divide or Operator.Power or Operator.Atan2 or Operator.Hypot;
    }
}
