using TensorCell.Tensors;

namespace TensorCell.Inference.Onnx;

/// <summary>A matrix product to which a vector is added: one node Gemm, as other exporters write linear layers, in place of three.</summary>
/// <param name="Input">The rows, [batch, inputs].</param>
/// <param name="Weight">The weights, [inputs, outputs], or the other way round.</param>
/// <param name="IsTransposed">Whether the weights are [outputs, inputs].</param>
/// <param name="Bias">What is added, [outputs].</param>
internal sealed record LinearLayer(TracedTensor Input, TracedTensor Weight, bool IsTransposed, TracedTensor Bias)
{
    /// <summary>What the layer is computed from.</summary>
    public TracedTensor[] Sources => [Input, Weight, Bias];

    /// <summary>The layer that a tensor is the result of, if it is.</summary>
    /// <param name="result">The tensor.</param>
    /// <param name="uses">How often each tensor is used.</param>
    public static LinearLayer? Of(TracedTensor result, IReadOnlyDictionary<Tensor, int> uses)
    {
        if (result.Derivation is not { Name: "add" } || result.Rank != 2)
        {
            return null;
        }

        TracedTensor[] terms = result.Sources();
        return Of(result, terms[0], terms[1], uses) ?? Of(result, terms[1], terms[0], uses);
    }

    private static LinearLayer? Of(TracedTensor result, TracedTensor product, TracedTensor bias, IReadOnlyDictionary<Tensor, int> uses)
    {
        if (product.Derivation is not { Name: "matmul" } || product.Second.Derivation is not { Name: "matmul" } || bias.Rank != 1 || bias.DType != result.DType || product.DType != result.DType
            || uses.GetValueOrDefault(product.First) != 1)
        {
            return null;
        }

        TracedTensor[] factors = product.Sources();
        if (factors[0].Rank != 2 || factors[1].Rank != 2 || bias.First.Shape[0] != product.First.Shape[1])
        {
            return null;
        }

        bool isTransposed = IsTransposition(factors[1].First) && IsTransposition(factors[1].Second);
        return new LinearLayer(factors[0], isTransposed ? factors[1].Sources()[0] : factors[1], isTransposed, bias);
    }

    /// <summary>Adds the node.</summary>
    /// <returns>The value of its result.</returns>
    public string Emit(GraphExporter exporter)
    {
        string[] inputs = [exporter.ValueOf(Input), exporter.ValueOf(Weight), exporter.ValueOf(Bias)];
        return IsTransposed ? exporter.Graph.Node("Gemm", inputs, ("transB", 1L)) : exporter.Graph.Node("Gemm", inputs);
    }

    private static bool IsTransposition(Tensor tensor) => tensor.Derivation is { Name: "permute", Attribute: int[] and [1, 0] };
}
