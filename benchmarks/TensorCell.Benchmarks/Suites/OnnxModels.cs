using System.Globalization;
using TensorCell.Benchmarks.Worker;
using TensorCell.Inference;
using TensorCell.Kernels;
using TensorCell.Tensors;

namespace TensorCell.Benchmarks.Suites;

/// <summary>The cases that ONNX Runtime takes part in, as models in the folder of outputs, their weights the inputs of the other systems.</summary>
/// <param name="options">Where the models go.</param>
public sealed class OnnxModels(SuiteOptions options)
{
    private const string Normal = "8,-4", Centred = "1,-0.5", Query = "2,-1";

    /// <summary>tanh(x · 1.25 + 0.5) · 0.75 + relu(x).</summary>
    public SystemUnderTest Chain(int threads, int count)
    {
        var graph = new OnnxGraphBuilder();
        string Scalar(float number) => graph.Initializer("number", Tensor.Scalar(number));
        var x = graph.Input("x", DType.Float32, count);
        var bent = graph.Node("Tanh", [graph.Node("Add", [graph.Node("Mul", [x, Scalar(1.25f)]), Scalar(0.5f)])]);
        var y = graph.Node("Add", [graph.Node("Mul", [bent, Scalar(0.75f)]), graph.Node("Relu", [x])]);
        return System(threads, "chain", graph, y, Text([count]), Input("x", Normal, 0, [count]));
    }

    /// <summary>Softmax of rows.</summary>
    public SystemUnderTest Softmax(int threads, int rows, int columns)
    {
        var graph = new OnnxGraphBuilder();
        var y = graph.Node("Softmax", [graph.Input("x", DType.Float32, rows, columns)], ("axis", -1));
        return System(threads, "softmax", graph, y, Text([rows, columns]), Input("x", Normal, 0, [rows, columns]));
    }

    /// <summary>Layer normalization of rows.</summary>
    public SystemUnderTest LayerNorm(int threads, int rows, int columns)
    {
        var graph = new OnnxGraphBuilder();
        var weight = graph.Initializer("weight", TensorInputs.Uniform(columns, 1, 0.5, 1));
        var bias = graph.Initializer("bias", TensorInputs.Uniform(columns, input: 2));
        var y = graph.Node("LayerNormalization", [graph.Input("x", DType.Float32, rows, columns), weight, bias], ("axis", -1), ("epsilon", 1e-5));
        return System(threads, "layernorm", graph, y, Text([rows, columns]), Input("x", Normal, 0, [rows, columns]));
    }

    /// <summary>x · Wᵀ + b.</summary>
    public SystemUnderTest Linear(int threads, int batch, int width, int outputs)
    {
        var graph = new OnnxGraphBuilder();
        var weight = graph.Initializer("weight", TensorInputs.Uniform((outputs, width), input: 1));
        var bias = graph.Initializer("bias", TensorInputs.Uniform(outputs, input: 2));
        var y = graph.Node("Gemm", [graph.Input("x", DType.Float32, batch, width), weight, bias], ("transB", 1));
        return System(threads, "linear", graph, y, Text([batch, outputs]), Input("x", Centred, 0, [batch, width]));
    }

    /// <summary>Convolution of images with square kernels.</summary>
    public SystemUnderTest Convolution(int threads, int[] image, int outputs, int kernel, int padding)
    {
        var graph = new OnnxGraphBuilder();
        var weight = graph.Initializer("weight", TensorInputs.Uniform([outputs, image[1], kernel, kernel], input: 1));
        var bias = graph.Initializer("bias", TensorInputs.Uniform(outputs, input: 2));
        var x = graph.Input("x", DType.Float32, [.. image]);
        var y = graph.Node("Conv", [x, weight, bias], ("pads", new[] { padding, padding, padding, padding }));
        int Length(int length) => length + (2 * padding) - kernel + 1;
        return System(threads, "conv", graph, y, Text([image[0], outputs, Length(image[2]), Length(image[3])]), Input("x", Centred, 0, image));
    }

    /// <summary>The greatest of each square.</summary>
    public SystemUnderTest MaxPool(int threads, int[] image, int kernel)
    {
        var graph = new OnnxGraphBuilder();
        var x = graph.Input("x", DType.Float32, [.. image]);
        var y = graph.Node("MaxPool", [x], ("kernel_shape", new[] { kernel, kernel }), ("strides", new[] { kernel, kernel }));
        return System(threads, "maxpool", graph, y, Text([image[0], image[1], image[2] / kernel, image[3] / kernel]), Input("x", Normal, 0, image));
    }

    /// <summary>Attention by the operators that the library has for language models, its fastest; heads lie side by side in each row.</summary>
    public SystemUnderTest Attention(int threads, int heads, int length, int width, bool isCausal)
    {
        var graph = new OnnxGraphBuilder();
        int[] shape = [1, length, heads * width];
        string[] values = [.. new[] { "q", "k", "v" }.Select(name => graph.Input(name, DType.Float32, [.. shape]))];
        var y = isCausal ? Causal(graph, values, heads, length) : graph.Node("com.microsoft:MultiHeadAttention", values, ("num_heads", heads));
        var text = $"{Text(shape)}/{Peers.Text(heads)}";
        var name = isCausal ? "causal-attention" : "attention";
        return System(threads, name, graph, y, text, [.. values.Select((value, input) => Input(value, Query, input, text))]);
    }

    private static string Causal(OnnxGraphBuilder graph, string[] values, int heads, int length)
    {
        string last = graph.Initializer("last", Tensor.From(new[] { length - 1 })), total = graph.Initializer("total", Tensor.From(new[] { length }));
        return graph.Node("com.microsoft:GroupQueryAttention", [.. values, "", "", last, total], 3, ("num_heads", heads), ("kv_num_heads", heads))[0];
    }

    private SystemUnderTest System(int threads, string name, OnnxGraphBuilder graph, string result, string shape, params string[] inputs)
    {
        var lengths = shape.Split('/')[0].Split('x').Select(length => (OnnxDimension)long.Parse(length, CultureInfo.InvariantCulture));
        graph.Output("y", result, DType.Float32, [.. lengths]);
        Directory.CreateDirectory(options.OutputFolder);
        var model = Path.Combine(options.OutputFolder, $"{name}-{shape.Replace('/', '-')}.onnx");
        graph.Save(model);
        return Peers.OnnxC(options, threads, model, [.. inputs, $"y={shape}"]);
    }

    private static string Input(string name, string range, int input, int[] shape) => Input(name, range, input, Text(shape));

    private static string Input(string name, string range, int input, string shape) =>
        string.Create(CultureInfo.InvariantCulture, $"{name}={range},{TensorInputs.Factors[input]},{shape}");

    private static string Text(int[] shape) => string.Join('x', shape.Select(Peers.Text));
}
