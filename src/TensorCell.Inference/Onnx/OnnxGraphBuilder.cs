using System.Globalization;
using TensorCell.Inference.Onnx;
using TensorCell.Kernels;
using TensorCell.Tensors;

namespace TensorCell.Inference;

/// <summary>
/// Builds an ONNX model node by node and writes it: inputs, initializers and nodes each give the name of a value that later nodes
/// take, so a graph is in order by construction.
/// </summary>
/// <example><code>
/// var graph = new OnnxGraphBuilder("line");
/// var x = graph.Input("x", DType.Float32, ["N", 3]);
/// var y = graph.Node("MatMul", [x, graph.Initializer("weight", weight)]);
/// graph.Output("y", y, DType.Float32, ["N", 2]);
/// graph.Save("line.onnx");
/// </code></example>
public sealed class OnnxGraphBuilder
{
    // Of 2022: what every runtime in use reads.
    private const int FormatVersion = 8;
    private const int DefaultOpset = 17;

    private readonly string name;
    private readonly List<NodeText> nodes = [];
    private readonly ProtobufWriter initializers = new();
    private readonly List<OnnxValueInfo> inputs = [];
    private readonly List<OnnxValueInfo> outputs = [];
    private readonly HashSet<string> values = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> counts = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> outputNames = new(StringComparer.Ordinal);
    private readonly HashSet<string> results = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, long> domains = new(StringComparer.Ordinal);

    /// <summary>A model without nodes.</summary>
    /// <param name="name">The graph's name.</param>
    /// <param name="opset">The version of ONNX's operators that the nodes mean.</param>
    public OnnxGraphBuilder(string name = "graph", int opset = DefaultOpset)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        this.name = name;
        Opset = opset >= 1 ? opset : Throw.Argument<int>($"onnx graph: opset {opset}; use 1 or more, such as {DefaultOpset}");
    }

    /// <summary>The version of ONNX's operators that the nodes mean.</summary>
    public int Opset { get; }

    /// <summary>The model's documentation.</summary>
    public string Description { get; set; } = "";

    /// <summary>What to note in the model, by name.</summary>
    public IDictionary<string, string> Custom { get; } = new SortedDictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Declares an input.</summary>
    /// <param name="input">Its name.</param>
    /// <param name="dtype">Its element type.</param>
    /// <param name="dimensions">Its axes: lengths, or symbols such as <c>"N"</c>.</param>
    /// <returns>The name of its value.</returns>
    public string Input(string input, DType dtype, params ReadOnlySpan<OnnxDimension> dimensions)
    {
        inputs.Add(new OnnxValueInfo(Define(input), dtype.Name, dtype, dimensions.ToArray()));
        return input;
    }

    /// <summary>Declares a value of the graph as an output, under a name of its own.</summary>
    /// <param name="output">The output's name.</param>
    /// <param name="value">What <see cref="Node(string, ReadOnlySpan{string}, ReadOnlySpan{ValueTuple{string, OnnxAttribute}})"/> returned.</param>
    /// <param name="dtype">Its element type.</param>
    /// <param name="dimensions">Its axes: lengths, or symbols such as <c>"N"</c>.</param>
    public void Output(string output, string value, DType dtype, params ReadOnlySpan<OnnxDimension> dimensions)
    {
        RequireValue("output", value);
        if (output != value)
        {
            Define(output);
            if (!results.Contains(value) || !outputNames.TryAdd(value, output))
            {
                // An input, an initializer or what is an output already goes by another name only after a node.
                Add("Identity", "", [value], [output], []);
            }
        }

        outputs.Add(new OnnxValueInfo(output, dtype.Name, dtype, dimensions.ToArray()));
    }

    /// <summary>Adds a tensor that the model carries.</summary>
    /// <param name="initializer">Its name; where it is taken, a number is added.</param>
    /// <param name="tensor">Its elements, which must not change until the model is written.</param>
    /// <returns>The name of its value.</returns>
    public string Initializer(string initializer, Tensor tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        string value = values.Contains(initializer) ? Fresh(initializer) : Define(initializer);
        initializers.Message(5, TensorProto.Write(value, tensor));
        return value;
    }

    /// <summary>Adds a node with one output.</summary>
    /// <param name="operation">The operator, such as <c>MatMul</c>; of another domain than ONNX's as <c>domain:name</c>.</param>
    /// <param name="inputs">The values it takes; an empty name leaves an optional one out.</param>
    /// <param name="attributes">Names and values.</param>
    /// <returns>The name of its output.</returns>
    /// <exception cref="ArgumentException">An input is no value of the graph so far.</exception>
    public string Node(string operation, ReadOnlySpan<string> inputs, params ReadOnlySpan<(string Name, OnnxAttribute Value)> attributes) =>
        Node(operation, inputs, outputCount: 1, attributes)[0];

    /// <summary>Adds a node with several outputs.</summary>
    /// <returns>The names of its outputs.</returns>
    /// <inheritdoc cref="Node(string, ReadOnlySpan{string}, ReadOnlySpan{ValueTuple{string, OnnxAttribute}})"/>
    public string[] Node(
        string operation, ReadOnlySpan<string> inputs, int outputCount, params ReadOnlySpan<(string Name, OnnxAttribute Value)> attributes)
    {
        int colon = operation.IndexOf(':', StringComparison.Ordinal);
        string domain = colon < 0 ? "" : operation[..colon];
        string type = operation[(colon + 1)..];
        string[] outputs = new string[outputCount];
        for (int index = 0; index < outputCount; index++)
        {
            outputs[index] = Fresh(type.ToLowerInvariant());
        }

        Add(type, domain, inputs, outputs, attributes);
        return outputs;
    }

    /// <summary>The model as bytes.</summary>
    /// <exception cref="OnnxException">It has no output, or would take more than an ONNX file can hold.</exception>
    public byte[] ToArray()
    {
        ProtobufWriter model = Build($"graph \"{name}\"");
        using MemoryStream stream = new(checked((int)model.Length));
        model.WriteTo(stream);
        return stream.GetBuffer().Length == stream.Length ? stream.GetBuffer() : stream.ToArray();
    }

    /// <summary>Writes the model to a file, which is there whole or not at all.</summary>
    /// <exception cref="OnnxException">It has no output, or would take more than an ONNX file can hold.</exception>
    public void Save(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ProtobufWriter model = Build(Path.GetFileName(path));
        AtomicFile.Write(path, model.WriteTo);
    }

    private ProtobufWriter Build(string model)
    {
        if (outputs.Count == 0)
        {
            Throw.Onnx(model, "the graph has no output; name one with Output");
        }

        ProtobufWriter graph = new();
        foreach (NodeText node in nodes)
        {
            graph.Message(1, Write(node));
        }

        graph.Text(2, name);
        graph.Append(initializers);
        foreach (OnnxValueInfo input in inputs)
        {
            graph.Message(11, TensorProto.Write(input));
        }

        foreach (OnnxValueInfo output in outputs)
        {
            graph.Message(12, TensorProto.Write(output));
        }

        ProtobufWriter message = new();
        message.Integer(1, FormatVersion);
        message.Text(2, "TensorCell");
        message.TextIfAny(3, typeof(OnnxGraphBuilder).Assembly.GetName().Version?.ToString(3));
        message.TextIfAny(6, Description);
        message.Message(7, graph);
        message.Message(8, Opsets("", Opset));
        foreach ((string domain, long version) in domains)
        {
            message.Message(8, Opsets(domain, version));
        }

        foreach ((string key, string value) in Custom)
        {
            ProtobufWriter entry = new();
            entry.Text(1, key);
            entry.Text(2, value);
            message.Message(14, entry);
        }

        if (message.Length > int.MaxValue)
        {
            Throw.Onnx(
                model,
                $"the model would take {message.Length:N0} bytes; an ONNX file holds at most {int.MaxValue:N0}, and weights in files of their own (external data) "
                + "are not written: save fewer or smaller parameters, such as f16, or save the weights as safetensors");
        }

        return message;
    }

    private static ProtobufWriter Opsets(string domain, long version)
    {
        ProtobufWriter opset = new();
        opset.Text(1, domain);
        opset.Integer(2, version);
        return opset;
    }

    private void Add(
        string type, string domain, ReadOnlySpan<string> inputs, ReadOnlySpan<string> outputs, ReadOnlySpan<(string Name, OnnxAttribute Value)> attributes)
    {
        foreach (string input in inputs)
        {
            if (input.Length > 0)
            {
                RequireValue(type, input);
            }
        }

        if (domain.Length > 0)
        {
            domains[domain] = 1;
        }

        results.UnionWith(outputs.ToArray());
        nodes.Add(new NodeText(type, domain, inputs.ToArray(), outputs.ToArray(), attributes.ToArray()));
    }

    private ProtobufWriter Write(NodeText text)
    {
        ProtobufWriter node = new();
        foreach (string input in text.Inputs)
        {
            node.Text(1, outputNames.GetValueOrDefault(input, input));
        }

        foreach (string output in text.Outputs)
        {
            node.Text(2, outputNames.GetValueOrDefault(output, output));
        }

        node.Text(3, text.Outputs[0]);
        node.Text(4, text.Type);
        foreach ((string attribute, OnnxAttribute value) in text.Attributes)
        {
            node.Message(5, value.Write(attribute));
        }

        node.TextIfAny(7, text.Domain);
        return node;
    }

    private string Define(string value)
    {
        ArgumentException.ThrowIfNullOrEmpty(value);
        return values.Add(value) ? value : Throw.Argument<string>($"onnx graph \"{name}\": two values are named \"{value}\"; give each a name of its own");
    }

    private string Fresh(string stem)
    {
        string value;
        do
        {
            counts[stem] = counts.GetValueOrDefault(stem) + 1;
            value = string.Create(CultureInfo.InvariantCulture, $"{stem}_{counts[stem]}");
        }
        while (!values.Add(value));
        return value;
    }

    private void RequireValue(string operation, string value)
    {
        if (!values.Contains(value))
        {
            Throw.Argument($"onnx graph \"{name}\": {operation} takes \"{value}\", which is no value so far; use what Input, Initializer or Node returned");
        }
    }

    private sealed record NodeText(string Type, string Domain, string[] Inputs, string[] Outputs, (string Name, OnnxAttribute Value)[] Attributes);
}
