using System.Text.Json.Nodes;

namespace TensorCell.Jupyter.Messaging;

/// <summary>A message of the Jupyter protocol that arrived.</summary>
public sealed class JupyterMessage
{
    /// <summary>The frames before the delimiter, which lead an answer back to the sender.</summary>
    public required IReadOnlyList<byte[]> Identities { get; init; }

    /// <summary>The header's JSON as it came, which answers repeat as their parent header.</summary>
    public required byte[] HeaderJson { get; init; }

    /// <summary>The message's own id.</summary>
    public required string Id { get; init; }

    /// <summary>What it asks for, such as <c>execute_request</c>.</summary>
    public required string Type { get; init; }

    /// <summary>The session of the client that sent it.</summary>
    public required string Session { get; init; }

    /// <summary>The header of the message it answers; empty when it answers none.</summary>
    public required JsonObject ParentHeader { get; init; }

    /// <summary>Its metadata.</summary>
    public required JsonObject Metadata { get; init; }

    /// <summary>Its content.</summary>
    public required JsonObject Content { get; init; }

    /// <summary>Binary data that came along.</summary>
    public required IReadOnlyList<byte[]> Buffers { get; init; }

    /// <summary>When it arrived, as <see cref="System.Diagnostics.Stopwatch.GetTimestamp"/>.</summary>
    public long ReceivedAt { get; init; }
}
