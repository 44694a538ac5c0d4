using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Unicode;

namespace TensorCell.Jupyter.Messaging;

/// <summary>
/// Turns frames into messages of the Jupyter protocol 5.4 and back, and signs and verifies them with HMAC-SHA256. Safe to use
/// from several threads.
/// </summary>
public sealed class MessageCodec(byte[] key)
{
    private const int RememberedSignatures = 1 << 14;

    private static readonly byte[] Delimiter = "<IDS|MSG>"u8.ToArray();
    private static readonly byte[] EmptyObject = "{}"u8.ToArray();
    private static readonly JsonDocumentOptions ReadOptions = new() { MaxDepth = 128, AllowDuplicateProperties = false };

    private static readonly JsonWriterOptions WriteOptions = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        MaxDepth = 512,
        SkipValidation = true,
    };

    private readonly HashSet<string> seen = [];
    private readonly Queue<string> seenInOrder = new();
    private readonly string username = Environment.UserName;
    private long lastId;

    /// <summary>The kernel's own session, in the header of all it sends.</summary>
    public string Session { get; } = Guid.NewGuid().ToString();

    /// <summary>Version of the protocol that is spoken.</summary>
    public static string ProtocolVersion => "5.4";

    /// <summary>Reads a message.</summary>
    /// <param name="frames">The frames, identities first.</param>
    /// <param name="receivedAt">When they came.</param>
    /// <exception cref="MessageException">The frames are no message, or their signature is wrong.</exception>
    public JupyterMessage Decode(IReadOnlyList<byte[]> frames, long receivedAt)
    {
        int delimiter = 0;
        while (delimiter < frames.Count && !frames[delimiter].AsSpan().SequenceEqual(Delimiter))
        {
            delimiter++;
        }

        if (frames.Count < delimiter + 6)
        {
            Throw.Message(
                delimiter == frames.Count
                    ? "no <IDS|MSG> frame"
                    : $"{frames.Count - delimiter - 1} frames follow <IDS|MSG>; signature, header, parent header, metadata and content are needed");
        }

        Verify(frames[delimiter + 1], frames, delimiter + 2);
        JsonObject header = Parse(frames[delimiter + 2], "header");
        return new JupyterMessage
        {
            Identities = [.. frames.Take(delimiter)],
            HeaderJson = frames[delimiter + 2],
            Id = TextOf(header, "msg_id"),
            Type = TextOf(header, "msg_type"),
            Session = TextOf(header, "session"),
            ParentHeader = Parse(frames[delimiter + 3], "parent header"),
            Metadata = Parse(frames[delimiter + 4], "metadata"),
            Content = Parse(frames[delimiter + 5], "content"),
            Buffers = [.. frames.Skip(delimiter + 6)],
            ReceivedAt = receivedAt,
        };
    }

    /// <summary>Lays a message out as frames.</summary>
    /// <param name="prefix">Identities of the receiver, or the topic of a broadcast.</param>
    /// <param name="type">The message's type.</param>
    /// <param name="parentHeader">The header's JSON of the request that caused it; null for none.</param>
    /// <param name="content">The content.</param>
    /// <param name="metadata">The metadata; null for none.</param>
    /// <param name="buffers">Binary data; null for none.</param>
    /// <returns>The frames, and the message's id.</returns>
    public (List<byte[]> Frames, string Id) Encode(
        IReadOnlyList<byte[]> prefix, string type, byte[]? parentHeader, JsonObject content, JsonObject? metadata = null,
        IReadOnlyList<byte[]>? buffers = null)
    {
        string id = $"{Session}_{Interlocked.Increment(ref lastId)}";
        var header = new JsonObject
        {
            ["msg_id"] = id,
            ["msg_type"] = type,
            ["username"] = username,
            ["session"] = Session,
            ["date"] = DateTime.UtcNow.ToString("yyyy-MM-ddTHH:mm:ss.ffffffZ"),
            ["version"] = ProtocolVersion,
        };
        byte[][] parts =
        [
            ToJson(header), parentHeader ?? EmptyObject, metadata is null ? EmptyObject : ToJson(metadata), ToJson(content),
        ];
        List<byte[]> frames = [.. prefix, Delimiter, Encoding.ASCII.GetBytes(Sign(parts, 0)), .. parts];
        frames.AddRange(buffers ?? []);
        return (frames, id);
    }

    private void Verify(byte[] signature, IReadOnlyList<byte[]> frames, int first)
    {
        if (key.Length == 0)
        {
            return;
        }

        string expected = Sign(frames, first);
        if (!CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(expected), signature))
        {
            Throw.Message(signature.Length == 0 ? "it is not signed" : "its signature does not fit the key", isForged: true);
        }

        lock (seen)
        {
            if (!seen.Add(expected))
            {
                Throw.Message("its signature was used before", isForged: true);
            }

            seenInOrder.Enqueue(expected);
            if (seenInOrder.Count > RememberedSignatures)
            {
                seen.Remove(seenInOrder.Dequeue());
            }
        }
    }

    private string Sign(IReadOnlyList<byte[]> frames, int first)
    {
        if (key.Length == 0)
        {
            return "";
        }

        using var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key);
        for (int i = first; i < first + 4; i++)
        {
            hash.AppendData(frames[i]);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static JsonObject Parse(byte[] json, string what)
    {
        if (!Utf8.IsValid(json))
        {
            Throw.Message($"its {what} is not UTF-8");
        }

        try
        {
            return JsonNode.Parse(json, documentOptions: ReadOptions) as JsonObject
                ?? Throw.Message<JsonObject>($"its {what} is no JSON object");
        }
        catch (JsonException error)
        {
            return Throw.Message<JsonObject>($"its {what} is not valid JSON: {error.Message}");
        }
    }

    private static string TextOf(JsonObject header, string name)
    {
        try
        {
            return header[name] is JsonValue value && value.TryGetValue(out string? text)
                ? text
                : Throw.Message<string>($"its header has no {name}");
        }
        catch (InvalidOperationException)
        {
            // How JsonNode reports escaped text that is no Unicode, such as half a surrogate pair.
            return Throw.Message<string>($"its header's {name} is no Unicode text");
        }
    }

    private static byte[] ToJson(JsonObject json)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var writer = new Utf8JsonWriter(buffer, WriteOptions))
        {
            json.WriteTo(writer);
        }

        return buffer.WrittenSpan.ToArray();
    }
}
