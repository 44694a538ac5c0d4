using TensorCell.Kernels;
using TensorCell.Tensors;

namespace TensorCell.Benchmarks.Worker;

/// <summary>The cases of the suite <c>matmul</c>.</summary>
public static class MatmulWork
{
    /// <summary>Makes the inputs of a case; the function computes its result.</summary>
    /// <param name="name"><c>product</c>, <c>gelu</c> (of a product and a bias) or <c>gram</c> (X Xᵀ).</param>
    /// <param name="type">The type's name, such as <c>float32</c>.</param>
    /// <param name="words">Batch, rows, inner length, columns, and for each factor whether it lies transposed; of X its shape.</param>
    public static Func<Tensor> Create(string name, string type, string[] words)
    {
        var dtype = Enum.Parse<DType>(type, ignoreCase: true);
        var sizes = Sizes.Of(words);
        if (name == "gram")
        {
            var x = TensorInputs.Uniform((sizes[0], sizes[1]), dtype: dtype);
            return () => x.MatMul(x.T);
        }

        var (batch, rows, inner, columns) = (sizes[0], sizes[1], sizes[2], sizes[3]);
        Tensor a = Factor(batch, rows, inner, sizes[4] == 1, 0, dtype), b = Factor(batch, inner, columns, sizes[5] == 1, 1, dtype);
        var bias = TensorInputs.Uniform(columns, input: 2, dtype: dtype);
        return name switch
        {
            "product" => () => a.MatMul(b),
            "gelu" => () => (a.MatMul(b) + bias).Gelu(),
            _ => throw Sizes.Unknown(name),
        };
    }

    private static Tensor Factor(int batch, int rows, int columns, bool isTransposed, int input, DType dtype)
    {
        var (outer, across) = isTransposed ? (columns, rows) : (rows, columns);
        var stored = TensorInputs.Uniform(batch > 1 ? [batch, outer, across] : [outer, across], input: input, dtype: dtype);
        return isTransposed ? stored.Transpose() : stored;
    }
}
