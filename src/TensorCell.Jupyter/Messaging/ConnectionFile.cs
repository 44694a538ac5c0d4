using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace TensorCell.Jupyter.Messaging;

/// <summary>Where a Jupyter client wants the kernel to listen, and the key that signs their messages.</summary>
public sealed record ConnectionFile
{
    /// <summary><c>tcp</c> or <c>ipc</c>.</summary>
    public required string Transport { get; init; }

    /// <summary>The address to bind; for <c>ipc</c>, what each socket's path begins with.</summary>
    public required string Address { get; init; }

    /// <summary>Port of the shell channel; for <c>ipc</c>, what its path ends with.</summary>
    public required int ShellPort { get; init; }

    /// <summary>Port of the control channel.</summary>
    public required int ControlPort { get; init; }

    /// <summary>Port of the stdin channel.</summary>
    public required int StdinPort { get; init; }

    /// <summary>Port of the iopub channel.</summary>
    public required int IoPubPort { get; init; }

    /// <summary>Port of the heartbeat.</summary>
    public required int HeartbeatPort { get; init; }

    /// <summary>The key for HMAC-SHA256; empty when messages are not signed.</summary>
    public required byte[] Key { get; init; }

    /// <summary>Reads a connection file.</summary>
    /// <exception cref="FormatException">The file is not what a Jupyter client writes; the message says what is wrong.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static ConnectionFile Read(string path)
    {
        try
        {
            return Parse(File.ReadAllText(path));
        }
        catch (FormatException error)
        {
            return Throw.Format<ConnectionFile>($"{path}: {error.Message}", error);
        }
    }

    /// <summary>Reads the text of a connection file.</summary>
    /// <exception cref="FormatException">The text is not what a Jupyter client writes.</exception>
    public static ConnectionFile Parse(string json)
    {
        JsonNode? root;
        try
        {
            root = JsonNode.Parse(json, documentOptions: new JsonDocumentOptions { AllowDuplicateProperties = false });
        }
        catch (JsonException error)
        {
            root = Throw.Format<JsonNode>($"not a connection file: {error.Message}", error);
        }

        if (root is not JsonObject fields)
        {
            return Throw.Format<ConnectionFile>("not a connection file: it must hold a JSON object with transport, ip, ports and key");
        }

        string transport = Text(fields, "transport", "tcp");
        if (transport is not ("tcp" or "ipc"))
        {
            Throw.Format($"transport '{transport}' is not supported; use tcp or ipc");
        }

        string scheme = Text(fields, "signature_scheme", "hmac-sha256");
        string key = Text(fields, "key", "");
        if (scheme != "hmac-sha256" && key.Length > 0)
        {
            Throw.Format($"signature scheme '{scheme}' is not supported; use hmac-sha256");
        }

        return new ConnectionFile
        {
            Transport = transport,
            Address = Text(fields, "ip", "127.0.0.1"),
            ShellPort = Port(fields, "shell_port"),
            ControlPort = Port(fields, "control_port"),
            StdinPort = Port(fields, "stdin_port"),
            IoPubPort = Port(fields, "iopub_port"),
            HeartbeatPort = Port(fields, "hb_port"),
            Key = Encoding.UTF8.GetBytes(key),
        };
    }

    /// <summary>The ZeroMQ endpoint of a port.</summary>
    public string Endpoint(int port) => Transport == "ipc" ? $"ipc://{Address}-{port}" : $"tcp://{Address}:{port}";

    private static string Text(JsonObject fields, string name, string otherwise) => fields[name] switch
    {
        null => otherwise,
        JsonValue value when value.TryGetValue(out string? text) => text,
        _ => Throw.Format<string>($"'{name}' must be text"),
    };

    private static int Port(JsonObject fields, string name) =>
        fields[name] is JsonValue value && value.TryGetValue(out int port) && port is >= 0 and <= ushort.MaxValue
            ? port
            : Throw.Format<int>($"'{name}' must be a port number");
}
