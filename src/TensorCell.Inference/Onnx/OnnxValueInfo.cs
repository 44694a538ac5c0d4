using TensorCell.Inference.Onnx;
using TensorCell.Kernels;

namespace TensorCell.Inference;

/// <summary>An input or output of a model.</summary>
/// <param name="Name">Its name.</param>
/// <param name="TypeName">Its type's short name: <c>f32</c>, <c>string</c>, <c>sequence of f32</c> …</param>
/// <param name="DType">The element type of the tensors it takes or gives; null where no tensor of this library has that type.</param>
/// <param name="Dimensions">Its axes; null where even their number is open.</param>
public sealed record OnnxValueInfo(string Name, string TypeName, DType? DType, IReadOnlyList<OnnxDimension>? Dimensions)
{
    /// <summary>Name, type and shape: <c>x: f32 [N, 784]</c>.</summary>
    public override string ToString() => $"{Name}: {Kind}";

    /// <summary>Type and shape: <c>f32 [N, 784]</c>.</summary>
    internal string Kind =>
        Dimensions is not null ? $"{TypeName} {OnnxDimension.Text(Dimensions)}"
        : ElementTypes.IsName(TypeName) ? $"{TypeName} of any shape"
        : TypeName;
}
