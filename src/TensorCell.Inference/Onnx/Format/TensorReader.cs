namespace TensorCell.Inference.Onnx;

/// <summary>Reads TensorProtos: what they say of themselves. Elements are passed over, but that there are as many as they say is checked.</summary>
/// <param name="reader">The model.</param>
/// <param name="source">Its name, for errors.</param>
/// <param name="folder">Where files that it names lie; null where there is no such place.</param>
internal sealed class TensorReader(ProtobufReader reader, string source, string? folder)
{
    private readonly SortedSet<string> externalFiles = new(StringComparer.Ordinal);

    /// <summary>The files beside the model in which elements lie.</summary>
    public IReadOnlyCollection<string> ExternalFiles => externalFiles;

    /// <summary>Reads a tensor.</summary>
    /// <param name="end">Where its message ends.</param>
    public TensorFacts Read(long end)
    {
        List<long> lengths = [];
        Dictionary<string, string> external = [];
        string name = "";
        long type = 0;
        long rawBytes = -1;
        long elementBytes = 0;
        long texts = 0;
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
                case 4 or 5 or 7 or 10 or 11:
                    elementBytes += reader.Skip(wire, end);
                    break;
                case 6:
                    reader.Skip(wire, end);
                    texts++;
                    break;
                case 8:
                    name = reader.Text(wire, end);
                    break;
                case 9:
                    rawBytes = reader.SkipTo(reader.Message(wire, end));
                    break;
                case 13:
                    (string key, string value) = reader.Entry(reader.Message(wire, end));
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
        else if (type == ElementTypes.String)
        {
            RequireElements(texts, count, "texts", texts == count);
        }
        else if (rawBytes >= 0 || ElementTypes.IsFixedWidth(type))
        {
            long found = rawBytes >= 0 ? rawBytes : elementBytes;
            RequireElements(found, bytes, "bytes", found == bytes);
        }
        else
        {
            // Integers take as many bytes as their size calls for, but at least one for each element that is not smaller itself.
            long least = Math.Min(count, bytes);
            RequireElements(elementBytes, least, "bytes", elementBytes >= least);
        }

        // Numbers alone and vectors of integers are axes and shapes, which nobody trained.
        bool isParameter = lengths.Count > 1 || (lengths.Count == 1 && type != ElementTypes.Int64);
        return new TensorFacts(name, count, bytes, isParameter);

        void RequireElements(long found, long expected, string unit, bool isMet)
        {
            if (!isMet)
            {
                reader.Bad<int>($"tensor \"{name}\" is {Text(type, lengths)} and has {found:N0} {unit} in place of {expected:N0}");
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

        string below = folder.TrimEnd(Path.DirectorySeparatorChar) + Path.DirectorySeparatorChar;
        bool isName = location.Length > 0 && !location.Contains('\0', StringComparison.Ordinal) && !Path.IsPathRooted(location);
        string path = isName ? Path.GetFullPath(Path.Combine(folder, location)) : "";
        if (!path.StartsWith(below, StringComparison.Ordinal))
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

    private static string Text(long type, List<long> lengths) => $"{ElementTypes.Name(type)} [{string.Join(", ", lengths)}]";
}
