using TensorCell.Inference.Onnx;
using TensorCell.Tensors;

namespace TensorCell.Inference;

/// <summary>What an ONNX model says of itself: where it comes from, what it takes and gives, what it is made of.</summary>
public sealed record OnnxMetadata
{
    /// <summary>The version of the ONNX format.</summary>
    public long IrVersion { get; init; }

    /// <summary>The program that wrote the model.</summary>
    public string Producer { get; init; } = "";

    /// <summary>That program's version.</summary>
    public string ProducerVersion { get; init; } = "";

    /// <summary>The model's name space, such as <c>org.example</c>.</summary>
    public string Domain { get; init; } = "";

    /// <summary>The model's own version.</summary>
    public long ModelVersion { get; init; }

    /// <summary>The model's documentation.</summary>
    public string Description { get; init; } = "";

    /// <summary>The name of the graph.</summary>
    public string GraphName { get; init; } = "";

    /// <summary>The version of each set of operators in use, by domain; ONNX's own domain is <c>ai.onnx</c>.</summary>
    public IReadOnlyDictionary<string, long> Opsets { get; init; } = new Dictionary<string, long>();

    /// <summary>What the authors noted, by name.</summary>
    public IReadOnlyDictionary<string, string> Custom { get; init; } = new Dictionary<string, string>();

    /// <summary>The inputs that a run must be given.</summary>
    public IReadOnlyList<OnnxValueInfo> Inputs { get; init; } = [];

    /// <summary>The outputs.</summary>
    public IReadOnlyList<OnnxValueInfo> Outputs { get; init; } = [];

    /// <summary>How often each operator is used, the most used first; those of other domains than ONNX's as <c>domain:name</c>.</summary>
    public IReadOnlyList<KeyValuePair<string, int>> Operators { get; init; } = [];

    /// <summary>How many numbers the initializers hold; scalars and vectors of i64, which are axes, shapes and the like, do not count.</summary>
    public long ParameterCount { get; init; }

    /// <summary>How many bytes these take.</summary>
    public long ParameterBytes { get; init; }

    /// <summary>How many bytes the model takes, without the files beside it that it names.</summary>
    public long FileBytes { get; init; }

    /// <summary>The files beside the model that hold initializers (external data).</summary>
    public IReadOnlyList<string> ExternalFiles { get; init; } = [];

    /// <summary>How many nodes the graph and its subgraphs have.</summary>
    public int NodeCount => Operators.Sum(pair => pair.Value);

    /// <summary>Reads what a model file says of itself, and checks that it is well formed, without ONNX Runtime.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="OnnxException">The file is no ONNX model, is damaged, or names files that are not there.</exception>
    public static OnnxMetadata Read(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        using FileStream stream = ExistingFile.Open(path);
        return new ModelReader(stream, Path.GetFileName(path), Path.GetDirectoryName(Path.GetFullPath(path))).Read();
    }

    /// <summary>Reads what a model in memory says of itself, and checks that it is well formed, without ONNX Runtime.</summary>
    /// <exception cref="OnnxException">The bytes are no ONNX model, are damaged, or name files beside the model.</exception>
    public static OnnxMetadata Read(byte[] model)
    {
        ArgumentNullException.ThrowIfNull(model);
        using MemoryStream stream = new(model, writable: false);
        return new ModelReader(stream, SourceOf(model), folder: null).Read();
    }

    /// <summary>What errors call a model in memory.</summary>
    internal static string SourceOf(byte[] model) => $"model of {model.Length:N0} bytes";
}
