using System.Text;
using TensorCell.Kernels;

namespace TensorCell.Tensors;

/// <summary>Writes a tensor as NumPy's <c>print</c> does.</summary>
internal static class TensorPrinter
{
    public static string Print(Tensor tensor) => new StringBuilder().AppendJoin(' ', tensor.To(DType.Float64).ToArray<double>()).ToString();
}
