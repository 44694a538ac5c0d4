using TensorCell.Kernels;
using TensorCell.Tensors.Attention;

namespace TensorCell.Tensors;

// Attention.
public sealed partial class Tensor
{
    public static Tensor Attention(Tensor query, Tensor key, Tensor value, Tensor? mask = null, bool isCausal = false, double? scale = null)
    {
        Shape shape = Shape.Of([.. query.Shape.Take(query.Rank - 1), value.Shape[-1]]);
        return Pending(new AttentionOperation(isCausal, scale ?? (1 / Math.Sqrt(query.Shape[-1])), query.As(query.Shape), key.As(key.Shape), value.As(value.Shape)), shape, query.DType);
    }
}
