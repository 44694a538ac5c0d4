using TensorCell.Kernels;
using TensorCell.Tensors.Ordering;

namespace TensorCell.Tensors.Graph;

/// <summary>Chooses the type of elements for an <see cref="IElementVisitor{TResult}"/>.</summary>
internal static class ElementVisits
{
    /// <summary>Does the work for elements of a type.</summary>
    public static TResult Visit<TResult>(this IElementVisitor<TResult> visitor, DType dtype) => dtype switch
    {
        DType.Bool or DType.UInt8 => visitor.Visit<byte>(),
        DType.Int8 => visitor.Visit<sbyte>(),
        DType.Int32 => visitor.Visit<int>(),
        DType.Int64 => visitor.Visit<long>(),
        DType.Float16 => visitor.Visit<Half>(),
        DType.BFloat16 => visitor.Visit<BFloat16>(),
        DType.Float32 => visitor.Visit<float>(),
        _ => visitor.Visit<double>(),
    };
}
