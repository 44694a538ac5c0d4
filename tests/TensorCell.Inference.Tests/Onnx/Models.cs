using TensorCell.Kernels;
using TensorCell.Tensors;

namespace TensorCell.Inference.Tests.Onnx;

/// <summary>Models that several tests use.</summary>
internal static class Models
{
    /// <summary>A perceptron of three layers, 8-6-5-3 unless said otherwise, with a free batch.</summary>
    public static OnnxGraphBuilder Perceptron(params int[] widths)
    {
        widths = widths.Length == 0 ? [8, 6, 5, 3] : widths;
        RandomStream random = Tensor.Random(7);
        OnnxGraphBuilder graph = new("perceptron") { Description = "three layers" };
        graph.Custom["labels"] = "a,b,c";
        string value = graph.Input("x", DType.Float32, "N", widths[0]);
        for (int layer = 1; layer < widths.Length; layer++)
        {
            Tensor weight = random.Normal((widths[layer - 1], widths[layer]), deviation: 0.3);
            Tensor bias = random.Normal(widths[layer]);
            value = graph.Node("Gemm", [value, graph.Initializer($"weight{layer}", weight), graph.Initializer($"bias{layer}", bias)]);
            value = layer < widths.Length - 1 ? graph.Node("Relu", [value]) : value;
        }

        graph.Output("y", value, DType.Float32, "N", widths[^1]);
        return graph;
    }

    /// <summary>What <see cref="Perceptron"/> computes.</summary>
    public static Tensor Reference(Tensor x, params int[] widths)
    {
        widths = widths.Length == 0 ? [8, 6, 5, 3] : widths;
        RandomStream random = Tensor.Random(7);
        for (int layer = 1; layer < widths.Length; layer++)
        {
            Tensor weight = random.Normal((widths[layer - 1], widths[layer]), deviation: 0.3);
            x = x.MatMul(weight) + random.Normal(widths[layer]);
            x = layer < widths.Length - 1 ? x.Relu() : x;
        }

        return x;
    }

    /// <summary>A model of one node.</summary>
    /// <param name="operation">The operator.</param>
    /// <param name="inputs">Types and shapes of the inputs, named a, b, ….</param>
    /// <param name="output">Type and shape of the output.</param>
    /// <param name="attributes">The node's.</param>
    public static OnnxModel One(
        string operation, (DType Type, OnnxDimension[] Shape)[] inputs, (DType Type, OnnxDimension[] Shape) output, params (string, OnnxAttribute)[] attributes)
    {
        string[] names = [.. inputs.Select((_, index) => $"{(char)('a' + index)}")];
        return OnnxModel.Load(OneBytes(operation, inputs, output, [.. names, "result"], attributes));
    }

    /// <summary>A model of one node, as a file.</summary>
    /// <param name="operation">The operator.</param>
    /// <param name="inputs">Types and shapes of the inputs.</param>
    /// <param name="output">Type and shape of the output.</param>
    /// <param name="names">Names of the inputs, then of the output.</param>
    /// <param name="attributes">The node's.</param>
    public static byte[] OneBytes(
        string operation, (DType Type, OnnxDimension[] Shape)[] inputs, (DType Type, OnnxDimension[] Shape) output, string[] names, params (string, OnnxAttribute)[] attributes)
    {
        OnnxGraphBuilder graph = new(operation);
        string[] values = [.. inputs.Select((input, index) => graph.Input(names[index], input.Type, input.Shape))];
        graph.Output(names[^1], graph.Node(operation, values, attributes), output.Type, output.Shape);
        return graph.ToArray();
    }
}
