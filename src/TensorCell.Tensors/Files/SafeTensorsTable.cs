using System.Buffers;
using System.Buffers.Binary;
using System.Text.Json;
using TensorCell.Kernels;

namespace TensorCell.Tensors;

/// <summary>The table at the head of a safetensors file.</summary>
internal static class SafeTensorsTable
{
    /// <summary>The entry that holds notes instead of a tensor.</summary>
    public const string MetadataName = "__metadata__";

    /// <summary>The format's own limit.</summary>
    private const long GreatestLength = 100_000_000;

    /// <summary>The table of tensors that follow one another in the given order.</summary>
    public static byte[] Write(IReadOnlyList<(string Name, Tensor Tensor)> tensors, IReadOnlyDictionary<string, string>? metadata)
    {
        ArrayBufferWriter<byte> bytes = new();
        using (Utf8JsonWriter json = new(bytes))
        {
            json.WriteStartObject();
            if (metadata is { Count: > 0 })
            {
                json.WriteStartObject(MetadataName);
                foreach ((string key, string value) in metadata)
                {
                    json.WriteString(key, value);
                }

                json.WriteEndObject();
            }

            long offset = 0;
            foreach ((string name, Tensor tensor) in tensors)
            {
                json.WriteStartObject(name);
                json.WriteString("dtype", NameOf(tensor.DType));
                json.WriteStartArray("shape");
                foreach (int length in tensor.Shape)
                {
                    json.WriteNumberValue(length);
                }

                json.WriteEndArray();
                json.WriteStartArray("data_offsets");
                json.WriteNumberValue(offset);
                json.WriteNumberValue(offset += tensor.ByteSize);
                json.WriteEndArray();
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        // The elements begin at a multiple of eight bytes.
        byte[] table = new byte[(bytes.WrittenCount + 7) & ~7];
        table.AsSpan().Fill((byte)' ');
        bytes.WrittenSpan.CopyTo(table);
        return table;
    }

    /// <summary>Reads the table of an open file and checks it against the file's length.</summary>
    public static SafeTensorsHeader Read(string path, FileStream stream)
    {
        long fileLength = stream.Length;
        Span<byte> prefix = stackalloc byte[sizeof(ulong)];
        if (fileLength < prefix.Length || stream.ReadAtLeast(prefix, prefix.Length, throwOnEndOfStream: false) < prefix.Length)
        {
            Bad(path, $"it has {fileLength} bytes; a safetensors file begins with eight bytes that say how long its table is");
        }

        ulong length = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        if (length > GreatestLength)
        {
            Bad(path, $"its table claims {length} bytes; at most {GreatestLength} are allowed (is it a safetensors file at all?)");
        }

        if ((long)length > fileLength - prefix.Length)
        {
            Bad(path, $"its table claims {length} bytes, and the file has {fileLength - prefix.Length} after its first eight: it is cut short, or not a safetensors file");
        }

        byte[] table = new byte[(int)length];
        if (stream.ReadAtLeast(table, table.Length, throwOnEndOfStream: false) < table.Length)
        {
            Bad(path, "it became shorter while it was read");
        }

        try
        {
            return Parse(path, table, prefix.Length + table.Length, fileLength);
        }
        catch (JsonException error)
        {
            return Bad<SafeTensorsHeader>(path, $"its table is not sound JSON: {error.Message}");
        }
        catch (InvalidOperationException error)
        {
            // What the reader of JSON throws for text that is not UTF-8.
            return Bad<SafeTensorsHeader>(path, $"its table is not sound UTF-8: {error.Message}");
        }
    }

    private static SafeTensorsHeader Parse(string path, byte[] table, long dataStart, long fileLength)
    {
        if (table is not [(byte)'{', ..])
        {
            Bad(path, "its table does not begin with {");
        }

        Dictionary<string, SafeTensorsEntry> found = [];
        Dictionary<string, string> metadata = [];
        bool hasMetadata = false;
        Utf8JsonReader json = new(table, new JsonReaderOptions { MaxDepth = 4 });
        json.Read();
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            string name = json.GetString()!;
            json.Read();
            if (name == MetadataName)
            {
                if (hasMetadata)
                {
                    Bad(path, $"its table has {MetadataName} twice");
                }

                hasMetadata = true;
                ReadMetadata(path, ref json, metadata);
            }
            else if (!found.TryAdd(name, ReadEntry(path, name, ref json, dataStart, fileLength)))
            {
                Bad(path, $"tensor \"{name}\" is listed twice");
            }
        }

        while (json.Read())
        {
        }

        return new SafeTensorsHeader(InOrder(path, found, dataStart, fileLength), metadata);
    }

    /// <summary>The entries as they lie, which must be one after the other from the beginning of the data to the file's end.</summary>
    private static OrderedDictionary<string, SafeTensorsEntry> InOrder(
        string path, Dictionary<string, SafeTensorsEntry> found, long dataStart, long fileLength)
    {
        OrderedDictionary<string, SafeTensorsEntry> ordered = [];
        long end = dataStart;
        string? before = null;
        foreach ((string name, SafeTensorsEntry entry) in found.OrderBy(pair => pair.Value.Offset).ThenBy(pair => pair.Value.ByteLength))
        {
            if (entry.Offset != end)
            {
                Bad(path, entry.Offset < end
                    ? $"tensors \"{before}\" and \"{name}\" overlap"
                    : $"there are {entry.Offset - end} bytes of no tensor before \"{name}\"");
            }

            end += entry.ByteLength;
            before = name;
            ordered.Add(name, entry);
        }

        if (end != fileLength)
        {
            Bad(path, $"its tensors end at byte {end}, the file at byte {fileLength}");
        }

        return ordered;
    }

    private static void ReadMetadata(string path, ref Utf8JsonReader json, Dictionary<string, string> metadata)
    {
        Require(path, MetadataName, json.TokenType == JsonTokenType.StartObject, "is not an object");
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            string key = json.GetString()!;
            json.Read();
            Require(path, MetadataName, json.TokenType == JsonTokenType.String, $"has something other than a text for \"{key}\"");
            Require(path, MetadataName, metadata.TryAdd(key, json.GetString()!), $"has \"{key}\" twice");
        }
    }

    private static SafeTensorsEntry ReadEntry(string path, string name, ref Utf8JsonReader json, long dataStart, long fileLength)
    {
        string what = $"tensor \"{name}\"";
        Require(path, what, json.TokenType == JsonTokenType.StartObject, "is not an object");
        string? type = null;
        List<long>? shape = null;
        List<long>? offsets = null;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            string key = json.GetString()!;
            json.Read();
            switch (key)
            {
                case "dtype" when type is null:
                    Require(path, what, json.TokenType == JsonTokenType.String, "has a dtype that is not a text");
                    type = json.GetString()!;
                    break;
                case "shape" when shape is null:
                    shape = ReadNumbers(path, what, key, ref json);
                    break;
                case "data_offsets" when offsets is null:
                    offsets = ReadNumbers(path, what, key, ref json);
                    break;
                default:
                    Bad(path, $"{what} has {(key is "dtype" or "shape" or "data_offsets" ? $"\"{key}\" twice" : $"an entry \"{key}\"; dtype, shape and data_offsets are allowed")}");
                    break;
            }
        }

        Require(path, what, type is not null && shape is not null && offsets is not null, "needs dtype, shape and data_offsets");
        DType dtype = TypeOf(path, what, type!);
        Require(path, what, offsets!.Count == 2 && offsets[0] <= offsets[1], $"has data_offsets [{string.Join(", ", offsets)}]; its first byte and the one after its last are needed");
        Require(path, what, offsets[1] <= fileLength - dataStart, $"ends at byte {offsets[1]} of data, of which the file has {fileLength - dataStart}");
        UInt128 bytes = (UInt128)dtype.Size;
        foreach (long length in shape!)
        {
            Require(path, what, length <= int.MaxValue, $"has an axis of {length} elements; at most {int.MaxValue} are supported");
            bytes = bytes > (UInt128)long.MaxValue && length > 0 ? UInt128.MaxValue >> 1 : bytes * (UInt128)length;
        }

        Require(path, what, bytes == (UInt128)(offsets[1] - offsets[0]), $"is {dtype.Name} [{string.Join(", ", shape)}] and has {offsets[1] - offsets[0]} bytes of data; these do not agree");
        try
        {
            return new SafeTensorsEntry(dtype, Shape.Of([.. shape.Select(length => (int)length)]), dataStart + offsets[0], offsets[1] - offsets[0]);
        }
        catch (ArgumentException error)
        {
            return Bad<SafeTensorsEntry>(path, $"{what}: {error.Message}");
        }
    }

    private static List<long> ReadNumbers(string path, string what, string key, ref Utf8JsonReader json)
    {
        const int mostAxes = 64;
        Require(path, what, json.TokenType == JsonTokenType.StartArray, $"has a {key} that is not a list");
        List<long> numbers = [];
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            long number = -1;
            Require(path, what, json.TokenType == JsonTokenType.Number && json.TryGetInt64(out number) && number >= 0, $"has something in its {key} that is no count");
            numbers.Add(number);
            Require(path, what, numbers.Count <= mostAxes, $"has more than {mostAxes} numbers in its {key}");
        }

        return numbers;
    }

    private static string NameOf(DType dtype) => dtype switch
    {
        DType.Bool => "BOOL",
        DType.UInt8 => "U8",
        DType.Int8 => "I8",
        DType.Int32 => "I32",
        DType.Int64 => "I64",
        DType.Float16 => "F16",
        DType.BFloat16 => "BF16",
        DType.Float32 => "F32",
        _ => "F64",
    };

    private static DType TypeOf(string path, string what, string name)
    {
        foreach (DType dtype in Enum.GetValues<DType>())
        {
            if (NameOf(dtype) == name)
            {
                return dtype;
            }
        }

        return Bad<DType>(path, $"{what} has the type {name}; supported are {string.Join(", ", Enum.GetValues<DType>().Select(NameOf))}");
    }

    private static void Require(string path, string what, bool holds, string otherwise)
    {
        if (!holds)
        {
            Bad(path, $"{what} {otherwise}");
        }
    }

    [System.Diagnostics.CodeAnalysis.DoesNotReturn]
    private static void Bad(string path, string reason) => Throw.BadFile("safetensors", path, reason);

    [System.Diagnostics.CodeAnalysis.DoesNotReturn]
    private static T Bad<T>(string path, string reason)
    {
        Throw.BadFile("safetensors", path, reason);
        return default;
    }
}
