using TensorCell.Kernels;

namespace TensorCell.Tensors.Attention;

/// <summary>Gradients of an attention to compute. Addresses of 0 stand for gradients that nobody wants.</summary>
/// <param name="Attention">The attention.</param>
/// <param name="Result">Its result, row after row.</param>
/// <param name="Gradient">The gradient of its result: [batch…, heads, m, e].</param>
/// <param name="LogSums">For each row, the logarithm to base 2 of the sum of its powers of two.</param>
/// <param name="Query">Receives the gradient of the query, row after row.</param>
/// <param name="Key">Receives the gradient of the key, group after group.</param>
/// <param name="Value">Receives the gradient of the value, group after group.</param>
/// <param name="Mask">The gradient of the mask is added to what is there, broadcast as the mask is, but not along the keys.</param>
internal sealed record AttentionGradientProblem(
    AttentionProblem Attention, nint Result, MatrixStack Gradient, nint LogSums, nint Query, nint Key, nint Value, MatrixStack? Mask)
{
    /// <summary>Bytes read and written, each once.</summary>
    public long Bytes
    {
        get
        {
            long rows = (long)Attention.Rows * (Attention.Depth + Attention.Width);
            long keys = (long)Attention.Groups * Attention.Keys * (Attention.Depth + Attention.Width);
            return 2 * (rows + keys) * Attention.DType.Size;
        }
    }
}
