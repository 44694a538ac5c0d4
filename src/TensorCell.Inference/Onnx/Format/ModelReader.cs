using System.Text;

namespace TensorCell.Inference.Onnx;

/// <summary>Reads a ModelProto for what the model says of itself. Weights are passed over, but their lengths are checked.</summary>
internal sealed class ModelReader
{
    /// <summary>ONNX's own operators, whose domain files leave empty.</summary>
    public const string DefaultDomain = "ai.onnx";

    private readonly Stream stream;
    private readonly string source;
    private readonly ProtobufReader reader;
    private readonly TensorReader tensors;
    private readonly ValueInfoReader values;
    private readonly Dictionary<string, long> opsets = [];
    private readonly Dictionary<string, string> custom = [];
    private readonly Dictionary<string, int> operators = [];
    private readonly List<OnnxValueInfo> inputs = [];
    private readonly List<OnnxValueInfo> outputs = [];
    private readonly HashSet<string> initializers = [];
    private long parameterCount;
    private long parameterBytes;
    private string graphName = "";
    private bool hasGraph;

    /// <param name="stream">The model.</param>
    /// <param name="source">Its name, for errors.</param>
    /// <param name="folder">Where files that it names lie; null where there is no such place.</param>
    public ModelReader(Stream stream, string source, string? folder)
    {
        this.stream = stream;
        this.source = source;
        reader = new ProtobufReader(stream, source);
        tensors = new TensorReader(reader, source, folder);
        values = new ValueInfoReader(reader);
    }

    public OnnxMetadata Read()
    {
        RefuseOtherFiles();
        OnnxMetadata metadata = new() { FileBytes = reader.Length };
        long end = reader.Length;
        while (reader.Next(end, out int field, out int wire))
        {
            switch (field)
            {
                case 1:
                    metadata = metadata with { IrVersion = reader.Integer(wire, end) };
                    break;
                case 2:
                    metadata = metadata with { Producer = reader.Text(wire, end) };
                    break;
                case 3:
                    metadata = metadata with { ProducerVersion = reader.Text(wire, end) };
                    break;
                case 4:
                    metadata = metadata with { Domain = reader.Text(wire, end) };
                    break;
                case 5:
                    metadata = metadata with { ModelVersion = reader.Integer(wire, end) };
                    break;
                case 6:
                    metadata = metadata with { Description = reader.Text(wire, end) };
                    break;
                case 7:
                    hasGraph = true;
                    ReadGraph(reader.Message(wire, end), depth: 0);
                    break;
                case 8:
                    ReadOpset(reader.Message(wire, end));
                    break;
                case 14:
                    ReadCustom(reader.Message(wire, end));
                    break;
                default:
                    reader.Skip(wire, end);
                    break;
            }
        }

        if (!hasGraph || metadata.IrVersion < 1 || (metadata.IrVersion >= 3 && opsets.Count == 0))
        {
            reader.Bad<int>(!hasGraph ? "there is no graph in it" : metadata.IrVersion < 1 ? "it names no version of the format" : "it names no set of operators");
        }

        return metadata with
        {
            GraphName = graphName,
            Opsets = opsets,
            Custom = custom,
            // Until version 4 of the format, initializers were listed as inputs too.
            Inputs = [.. inputs.Where(input => !initializers.Contains(input.Name))],
            Outputs = outputs,
            Operators = [.. operators.OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key, StringComparer.Ordinal)],
            ParameterCount = parameterCount,
            ParameterBytes = parameterBytes,
            ExternalFiles = [.. tensors.ExternalFiles],
        };
    }

    private void RefuseOtherFiles()
    {
        Span<byte> start = stackalloc byte[64];
        stream.Position = 0;
        int length = stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        if (length == 0)
        {
            Throw.Onnx(source, "the file is empty");
        }

        string text = Encoding.Latin1.GetString(start[..length]);
        if (text.StartsWith("version https://git-lfs", StringComparison.Ordinal))
        {
            Throw.Onnx(source, "a Git LFS pointer in place of the model; fetch the model with git lfs pull");
        }

        if (text.TrimStart() is ['<' or '{', ..])
        {
            Throw.Onnx(source, $"no ONNX model but text that begins with {text.TrimStart()[..1]}; a web page in place of the download?");
        }
    }

    private void ReadOpset(long end)
    {
        string domain = "";
        long version = 0;
        while (reader.Next(end, out int field, out int wire))
        {
            switch (field)
            {
                case 1:
                    domain = reader.Text(wire, end);
                    break;
                case 2:
                    version = reader.Integer(wire, end);
                    break;
                default:
                    reader.Skip(wire, end);
                    break;
            }
        }

        opsets[domain.Length == 0 ? DefaultDomain : domain] = version;
    }

    private void ReadCustom(long end)
    {
        (string key, string value) = reader.Entry(end);
        custom[key] = value;
    }

    private void ReadGraph(long end, int depth)
    {
        reader.CheckDepth(depth);
        while (reader.Next(end, out int field, out int wire))
        {
            switch (field)
            {
                case 1:
                    ReadNode(reader.Message(wire, end), depth);
                    break;
                case 2 when depth == 0:
                    graphName = reader.Text(wire, end);
                    break;
                case 5:
                    AddInitializer(tensors.Read(reader.Message(wire, end)));
                    break;
                case 11 when depth == 0:
                    inputs.Add(values.Read(reader.Message(wire, end)));
                    break;
                case 12 when depth == 0:
                    outputs.Add(values.Read(reader.Message(wire, end)));
                    break;
                default:
                    reader.Skip(wire, end);
                    break;
            }
        }
    }

    private void ReadNode(long end, int depth)
    {
        string type = "";
        string domain = "";
        while (reader.Next(end, out int field, out int wire))
        {
            switch (field)
            {
                case 4:
                    type = reader.Text(wire, end);
                    break;
                case 5:
                    ReadAttribute(reader.Message(wire, end), depth);
                    break;
                case 7:
                    domain = reader.Text(wire, end);
                    break;
                default:
                    reader.Skip(wire, end);
                    break;
            }
        }

        if (type.Length == 0)
        {
            reader.Bad<int>("a node without an operator");
        }

        string name = domain is "" or DefaultDomain ? type : $"{domain}:{type}";
        operators[name] = operators.GetValueOrDefault(name) + 1;
    }

    private void AddInitializer(TensorFacts tensor)
    {
        initializers.Add(tensor.Name);
        if (tensor.IsParameter)
        {
            if (tensor.Count > long.MaxValue - parameterCount || tensor.Bytes > long.MaxValue - parameterBytes)
            {
                reader.Bad<int>("weights beyond what 64 bits count");
            }

            parameterCount += tensor.Count;
            parameterBytes += tensor.Bytes;
        }
    }

    private void ReadAttribute(long end, int depth)
    {
        while (reader.Next(end, out int field, out int wire))
        {
            switch (field)
            {
                case 5 or 10:
                    tensors.Read(reader.Message(wire, end));
                    break;
                case 6 or 11:
                    ReadGraph(reader.Message(wire, end), depth + 1);
                    break;
                default:
                    reader.Skip(wire, end);
                    break;
            }
        }
    }
}
