using System.Collections.Concurrent;
using System.Text.Json.Nodes;

namespace TensorCell.Jupyter.Messaging;

/// <summary>A channel between an object in the kernel and one in the client's page.</summary>
/// <param name="id">Its id.</param>
/// <param name="targetName">What it was opened for.</param>
/// <param name="publish">Sends a message of a type with content and buffers.</param>
public sealed class Comm(string id, string targetName, Action<string, JsonObject, IReadOnlyList<byte[]>?> publish)
{
    /// <summary>Its id.</summary>
    public string Id { get; } = id;

    /// <summary>What it was opened for.</summary>
    public string TargetName { get; } = targetName;

    /// <summary>Called with the data and the buffers of each message from the client.</summary>
    public Action<JsonNode?, IReadOnlyList<byte[]>>? Received { get; set; }

    /// <summary>Called when either side closed it.</summary>
    public Action? Closed { get; set; }

    /// <summary>Sends data to the client.</summary>
    public void Send(JsonNode? data, IReadOnlyList<byte[]>? buffers = null) =>
        publish("comm_msg", new JsonObject { ["comm_id"] = Id, ["data"] = data ?? new JsonObject() }, buffers);

    /// <summary>Closes it from the kernel's side and tells the client.</summary>
    public void Close(JsonNode? data = null)
    {
        Registry?.Close(Id);
        publish("comm_close", new JsonObject { ["comm_id"] = Id, ["data"] = data ?? new JsonObject() }, null);
    }

    internal CommRegistry? Registry { get; set; }
}

/// <summary>The open comms, and what opens when a client asks for a target. Safe to use from several threads.</summary>
public sealed class CommRegistry
{
    private readonly ConcurrentDictionary<string, Action<Comm, JsonNode?>> targets = [];
    private readonly ConcurrentDictionary<string, Comm> comms = [];

    /// <summary>Registers what is called with each comm opened for a target, and its first data.</summary>
    public void Register(string targetName, Action<Comm, JsonNode?> opened) => targets[targetName] = opened;

    /// <summary>The open comms, of one target or of all.</summary>
    public IEnumerable<Comm> Open(string? targetName) =>
        comms.Values.Where(comm => targetName is null || comm.TargetName == targetName);

    /// <summary>Opens a comm.</summary>
    /// <returns>False when nobody registered the target.</returns>
    public bool TryOpen(Comm comm, JsonNode? data)
    {
        if (!targets.TryGetValue(comm.TargetName, out Action<Comm, JsonNode?>? opened))
        {
            return false;
        }

        comm.Registry = this;
        comms[comm.Id] = comm;
        opened(comm, data);
        return true;
    }

    /// <summary>Hands a client's message to its comm.</summary>
    /// <returns>False when no such comm is open.</returns>
    public bool TryReceive(string id, JsonNode? data, IReadOnlyList<byte[]> buffers)
    {
        if (!comms.TryGetValue(id, out Comm? comm))
        {
            return false;
        }

        comm.Received?.Invoke(data, buffers);
        return true;
    }

    /// <summary>Closes a comm at the client's wish; an unknown one is closed already.</summary>
    public void Close(string id)
    {
        if (comms.TryRemove(id, out Comm? comm))
        {
            comm.Closed?.Invoke();
        }
    }
}
