using TensorCell.Kernels;
using TensorCell.Tensors.Attention;
using TensorCell.Tensors.Autograd;

namespace TensorCell.Tensors;

// Attention.
public sealed partial class Tensor
{
    /// <summary>
    /// Scaled dot-product attention (Vaswani et al. 2017): softmax(query · keyᵀ · scale + mask) · value, computed in tiles without storing the scores
    /// (Dao et al. 2022), as its gradient is. A query that may attend to nothing gives zeros.
    /// </summary>
    /// <param name="query">[batch…, heads, m, d]. Without an axis of heads, [m, d] is one head; [heads, m, d] is no batch.</param>
    /// <param name="key">[batch…, keyHeads, n, d]; as many heads as the query has, or fewer of which each serves as many consecutive heads of the query as there are for it. Batches broadcast.</param>
    /// <param name="value">[batch…, keyHeads, n, e].</param>
    /// <param name="mask">Broadcast to [batch…, heads, m, n]: bool, true where a query may attend to a key, or floating-point, added to the scaled products.</param>
    /// <param name="isCausal">
    /// Whether query i attends only to keys up to n - m + i: the last query sees all keys, as in decoding with a cache. Where m = n, each query sees the keys up to its own.
    /// What is hidden is not computed.
    /// </param>
    /// <param name="scale">What products of queries and keys are multiplied by; 1/√d if not given.</param>
    /// <returns>[batch…, heads, m, e], or [m, e] where no input has heads; in the common floating-point type of the inputs. f16 and bf16 compute in f32.</returns>
    /// <exception cref="ArgumentException">Shapes do not fit, or the mask's type is an integer.</exception>
    public static Tensor Attention(
        Tensor query, Tensor key, Tensor value, Tensor? mask = null, bool isCausal = false, double? scale = null)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(value);
        AttentionShapes shapes = AttentionShapes.Of(query.Shape, key.Shape, value.Shape, mask?.Shape);
        DType type = Promotion.Of(Promotion.Of(query.DType, key.DType), value.DType);
        type = type.IsFloatingPoint ? type : DType.Float64;
        DType computed = type == DType.Float64 ? type : DType.Float32;
        if (mask is not null && mask.DType != DType.Bool && !mask.DType.IsFloatingPoint)
        {
            Throw.Argument($"attention: a mask of {mask.DType.Name}; it must be bool, true where a query may attend, or floating-point, added to the scores: use .To(DType.Bool) or .To(DType.Float32)");
        }

        AttentionPart part = new(isCausal, scale ?? (1 / Math.Sqrt(Math.Max(1, shapes.Depth))), mask is not null);
        Tensor[] inputs = mask is null
            ? [query.To(computed), key.To(computed), value.To(computed)]
            : [query.To(computed), key.To(computed), value.To(computed), mask.DType == DType.Bool ? mask : mask.To(computed)];
        Tensor result = Tape.Keeps(inputs)
            ? AttentionRules.Attention(shapes, inputs, part)
            : Pending(new AttentionOperation(part.IsCausal, part.Scale, shapes.Operands(inputs)), shapes.Result, computed);
        return (shapes.HasHeads ? result : result.Squeeze(0)).To(type);
    }

    /// <summary>A view of other elements of this tensor's storage than any slice would give, from which no gradient flows.</summary>
    internal Tensor View(Layout layout) => new(this, layout);
}
