using TensorCell.Kernels;

namespace TensorCell.Tensors;

/// <summary>NumPy's rules for the element type of an operation on several tensors.</summary>
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
