using TensorCell.Kernels;

namespace TensorCell.Tensors;

/// <summary>NumPy's rules for the element type of an operation on several tensors.</summary>
/// <remarks>
/// Results have NumPy's type and value, but for these differences, by design. Real functions and quotients of integers and truth values are f64,
/// where NumPy gives f16 or f32 for small ones; rounding leaves integers as they are. u8 with i8 gives i32, since there is no i16. The sum of u8 is
/// an i64, since there is no u64. Arithmetic on truth values alone beyond <c>+</c>, <c>*</c>, minimum and maximum is refused. Dividing an integer by
/// zero is a <see cref="DivideByZeroException"/>. <c>%</c> is C#'s remainder, with the sign of the dividend: NumPy's is <see cref="Tensor.Modulo"/>.
/// Real numbers beyond an integer type's bounds convert to the nearest bound, and NaN to 0; what NumPy gives then depends on the machine.
/// A number of C# takes the tensor's type where NumPy would make it a wider one by the number's value.
/// </remarks>
internal static class Promotion
{
    /// <summary>The smallest type that holds the values of both, as NumPy has it.</summary>
    public static DType Of(DType left, DType right)
    {
        if (left == right)
        {
            return left;
        }

        DType low = left < right ? left : right;
        DType high = left < right ? right : left;
        return (low, high) switch
        {
            (DType.UInt8, DType.Int8) => DType.Int32,
            (DType.Int32 or DType.Int64, DType.Float16 or DType.BFloat16 or DType.Float32) => DType.Float64,
            (DType.Float16, DType.BFloat16) => DType.Float32,
            _ => high,
        };
    }

    /// <summary>
    /// The type of an operation on a tensor of a type and a C# number, which only makes it a floating-point one, never a wider one.
    /// </summary>
    public static DType WithNumber(string operation, DType tensor, Graph.Number number)
    {
        if (number.IsBool || tensor.IsFloatingPoint)
        {
            return tensor;
        }

        if (!number.IsInteger)
        {
            return DType.Float64;
        }

        if (tensor == DType.Bool)
        {
            return DType.Int64;
        }

        return number.Fits(tensor)
            ? tensor
            : Throw.Argument<DType>(
                $"{operation}: {number.AsLong} does not fit the tensor's type {tensor.Name}; convert the tensor with .To(DType.Int64) first");
    }
}
