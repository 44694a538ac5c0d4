using System.Globalization;

namespace TensorCell.Inference.Onnx;

/// <summary>A length that follows the batch: so many times the batch's, and so many more.</summary>
/// <param name="Factor">How many times.</param>
/// <param name="Offset">How many more.</param>
internal readonly record struct BatchLength(long Factor, long Offset)
{
    /// <summary>Whether it is the same for every batch.</summary>
    public bool IsFixed => Factor == 0;

    /// <summary>As an axis of a value.</summary>
    /// <param name="symbol">The batch's.</param>
    public OnnxDimension ToDimension(string? symbol) =>
        IsFixed ? Offset
        : this == new BatchLength(1, 0) ? symbol!
        : string.Create(
            CultureInfo.InvariantCulture,
            $"{(Factor == 1 ? "" : $"{Factor}*")}{symbol}{(Offset == 0 ? "" : Offset > 0 ? $"+{Offset}" : $"{Offset}")}");
}
