using System.Text;

namespace TensorCell.Inference.Onnx;

/// <summary>Reads a ModelProto for what the model says of itself. Weights are passed over, but their lengths are checked.</summary>
/// <param name="stream">The model.</param>
/// <param name="source">Its name, for errors.</param>
/// <param name="folder">Where files that it names lie; null where there is no such place.</param>
internal sealed class ModelReader(Stream stream, string source, string? folder)
{
    /// <summary>ONNX's own operators, whose domain files leave empty.</summary>
    public const string DefaultDomain = "ai.onnx";

    private const int MostDepth = 32;
    private readonly ProtobufReader reader = new(stream, source);
    private readonly Dictionary<string, long> opsets = [];
    private readonly Dictionary<string, string> custom = [];
    private readonly Dictionary<string, int> operators = [];
    private readonly List<OnnxValueInfo> inputs = [];
    private readonly List<OnnxValueInfo> outputs = [];
    private readonly HashSet<string> initializers = [];
    private readonly SortedSet<string> externalFiles = new(StringComparer.Ordinal);
    private long parameterCount;
    private long parameterBytes;
    private string graphName = "";
    private bool hasGraph;

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
            ExternalFiles = [.. externalFiles],
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
        (string key, string value) = ReadEntry(end);
        custom[key] = value;
    }

    private (string Key, string Value) ReadEntry(long end)
    {
        string key = "";
        string value = "";
        while (reader.Next(end, out int field, out int wire))
        {
            switch (field)
            {
                case 1:
                    key = reader.Text(wire, end);
                    break;
                case 2:
                    value = reader.Text(wire, end);
                    break;
                default:
                    reader.Skip(wire, end);
                    break;
            }
        }

        return (key, value);
    }

    private void ReadGraph(long end, int depth)
    {
        CheckDepth(depth);
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
                    ReadTensor(reader.Message(wire, end), isInitializer: true);
                    break;
                case 11 when depth == 0:
                    inputs.Add(ReadValueInfo(reader.Message(wire, end)));
                    break;
                case 12 when depth == 0:
                    outputs.Add(ReadValueInfo(reader.Message(wire, end)));
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

    private void ReadAttribute(long end, int depth)
    {
        while (reader.Next(end, out int field, out int wire))
        {
            switch (field)
            {
                case 5 or 10:
                    ReadTensor(reader.Message(wire, end), isInitializer: false);
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

    private void ReadTensor(long end, bool isInitializer)
    {
        List<long> lengths = [];
        Dictionary<string, string> external = [];
        string name = "";
        long type = 0;
        long rawBytes = -1;
        long fixedBytes = -1;
        bool isExternal = false;
        while (reader.Next(end, out int field, out int wire))
        {
            switch (field)
            {
                case 1:
                    reader.Integers(wire, end, lengths);
                    break;
                case 2:
                    type = reader.Integer(wire, end);
                    break;
                case 4 or 10 when wire == ProtobufReader.LengthDelimited:
                    fixedBytes = reader.SkipTo(reader.Message(wire, end));
                    break;
                case 8:
                    name = reader.Text(wire, end);
                    break;
                case 9:
                    rawBytes = reader.SkipTo(reader.Message(wire, end));
                    break;
                case 13:
                    (string key, string value) = ReadEntry(reader.Message(wire, end));
                    external[key] = value;
                    break;
                case 14:
                    isExternal = reader.Integer(wire, end) == 1;
                    break;
                default:
                    reader.Skip(wire, end);
                    break;
            }
        }

        long count = Count(name, type, lengths);
        long bytes = ElementTypes.Bytes(type, count);
        if (isExternal)
        {
            CheckExternal(name, bytes, external);
        }
        else if (type != ElementTypes.String && rawBytes >= 0 && rawBytes != bytes)
        {
            reader.Bad<int>($"tensor \"{name}\" is {Text(type, lengths)} and has {rawBytes:N0} bytes in place of {bytes:N0}");
        }
        else if (rawBytes < 0 && fixedBytes >= 0 && type is 1 or 11 && fixedBytes != bytes)
        {
            reader.Bad<int>($"tensor \"{name}\" is {Text(type, lengths)} and has {fixedBytes:N0} bytes in place of {bytes:N0}");
        }

        if (isInitializer)
        {
            initializers.Add(name);
            if (lengths.Count > 1 || (lengths.Count == 1 && type != ElementTypes.Int64))
            {
                parameterCount = checked(parameterCount + count);
                parameterBytes = checked(parameterBytes + bytes);
            }
        }
    }

    private long Count(string name, long type, List<long> lengths)
    {
        if (!ElementTypes.IsKnown(type))
        {
            reader.Bad<int>($"tensor \"{name}\" has {ElementTypes.Name(type)}, which is unknown");
        }

        UInt128 count = 1;
        foreach (long length in lengths)
        {
            // A length of 0 must not hide that the others are absurd.
            count *= (ulong)Math.Max(length, 1);
            if (length < 0 || count > 1UL << 50)
            {
                reader.Bad<int>($"tensor \"{name}\" has the impossible shape [{string.Join(", ", lengths)}]");
            }
        }

        return lengths.Contains(0) ? 0 : (long)count;
    }

    /// <summary>Checks where the model says that weights lie: a file in the model's folder or below it, long enough.</summary>
    private void CheckExternal(string name, long bytes, Dictionary<string, string> external)
    {
        string location = external.GetValueOrDefault("location", "");
        if (folder is null)
        {
            Throw.Onnx(source, $"tensor \"{name}\" lies in the file \"{location}\" beside the model; load the model from its file, not from memory");
        }

        string path = Path.GetFullPath(Path.Combine(folder, location));
        if (location.Length == 0 || Path.IsPathRooted(location) || !path.StartsWith(folder.TrimEnd(Path.DirectorySeparatorChar) + Path.DirectorySeparatorChar, StringComparison.Ordinal))
        {
            Throw.Onnx(source, $"tensor \"{name}\" names the file \"{location}\", which is not below the model's folder; it is not read");
        }

        FileInfo file = new(path);
        if (!file.Exists)
        {
            Throw.Onnx(source, $"tensor \"{name}\" lies in the file \"{location}\", which is not beside the model; fetch it too");
        }

        long offset = Number("offset", 0);
        long length = Number("length", bytes);
        if (offset < 0 || length != bytes || offset > file.Length - length)
        {
            Throw.Onnx(source, $"tensor \"{name}\" of {bytes:N0} bytes lies at byte {offset:N0} of the file \"{location}\", with a length of {length:N0}, and that file has {file.Length:N0}; fetch it again");
        }

        externalFiles.Add(location);

        long Number(string key, long otherwise) =>
            !external.TryGetValue(key, out string? text) ? otherwise
            : long.TryParse(text, out long number) ? number
            : Throw.Onnx<long>(source, $"tensor \"{name}\" has the {key} \"{text}\", which is no number");
    }

    private OnnxValueInfo ReadValueInfo(long end)
    {
        string name = "";
        OnnxValueInfo info = new("", "undefined", null, null);
        while (reader.Next(end, out int field, out int wire))
        {
            switch (field)
            {
                case 1:
                    name = reader.Text(wire, end);
                    break;
                case 2:
                    info = ReadType(reader.Message(wire, end), depth: 0);
                    break;
                default:
                    reader.Skip(wire, end);
                    break;
            }
        }

        return info with { Name = name };
    }

    private OnnxValueInfo ReadType(long end, int depth)
    {
        CheckDepth(depth);
        OnnxValueInfo info = new("", "undefined", null, null);
        while (reader.Next(end, out int field, out int wire))
        {
            switch (field)
            {
                case 1:
                    info = ReadTensorType(reader.Message(wire, end));
                    break;
                case 4:
                    info = new("", "sequence of " + ReadElementType(reader.Message(wire, end), 1, depth), null, null);
                    break;
                case 5:
                    info = new("", "map to " + ReadElementType(reader.Message(wire, end), 2, depth), null, null);
                    break;
                case 8:
                    info = new("", "sparse " + ReadTensorType(reader.Message(wire, end)).TypeName, null, null);
                    break;
                case 9:
                    info = new("", "optional " + ReadElementType(reader.Message(wire, end), 1, depth), null, null);
                    break;
                default:
                    reader.Skip(wire, end);
                    break;
            }
        }

        return info;
    }

    private string ReadElementType(long end, int typeField, int depth)
    {
        string name = "undefined";
        while (reader.Next(end, out int field, out int wire))
        {
            if (field == typeField)
            {
                name = ReadType(reader.Message(wire, end), depth + 1).TypeName;
            }
            else
            {
                reader.Skip(wire, end);
            }
        }

        return name;
    }

    private OnnxValueInfo ReadTensorType(long end)
    {
        long type = 0;
        List<OnnxDimension>? dimensions = null;
        while (reader.Next(end, out int field, out int wire))
        {
            switch (field)
            {
                case 1:
                    type = reader.Integer(wire, end);
                    break;
                case 2:
                    dimensions = ReadDimensions(reader.Message(wire, end));
                    break;
                default:
                    reader.Skip(wire, end);
                    break;
            }
        }

        return new OnnxValueInfo("", ElementTypes.Name(type), ElementTypes.DTypeOf(type), dimensions);
    }

    private List<OnnxDimension> ReadDimensions(long end)
    {
        List<OnnxDimension> dimensions = [];
        while (reader.Next(end, out int field, out int wire))
        {
            if (field != 1)
            {
                reader.Skip(wire, end);
                continue;
            }

            OnnxDimension dimension = OnnxDimension.Any;
            long dimensionEnd = reader.Message(wire, end);
            while (reader.Next(dimensionEnd, out field, out wire))
            {
                switch (field)
                {
                    case 1:
                        // Some exporters write -1 for an axis of any length.
                        dimension = reader.Integer(wire, dimensionEnd) is >= 0 and long length ? length : OnnxDimension.Any;
                        break;
                    case 2:
                        dimension = reader.Text(wire, dimensionEnd);
                        break;
                    default:
                        reader.Skip(wire, dimensionEnd);
                        break;
                }
            }

            dimensions.Add(dimension);
        }

        return dimensions;
    }

    private void CheckDepth(int depth)
    {
        if (depth > MostDepth)
        {
            reader.Bad<int>($"graphs or types nested more than {MostDepth} deep");
        }
    }

    private static string Text(long type, List<long> lengths) => $"{ElementTypes.Name(type)} [{string.Join(", ", lengths)}]";
}
