using System.Text.Json.Nodes;
using TensorCell.Jupyter.Messaging;

namespace TensorCell.Jupyter.Handlers;

/// <summary>Lists, opens, feeds and closes comms.</summary>
internal static class CommHandlers
{
    public static void Info(Request request)
    {
        string target = request.Text("target_name", "");
        var comms = new JsonObject();
        foreach (Comm comm in request.Kernel.Comms.Open(target.Length > 0 ? target : null))
        {
            comms[comm.Id] = new JsonObject { ["target_name"] = comm.TargetName };
        }

        request.Reply(new JsonObject { ["comms"] = comms });
    }

    public static void Open(Request request)
    {
        string id = request.Text("comm_id");
        string target = request.Text("target_name");
        IoPubChannel ioPub = request.Kernel.IoPub;
        byte[] parent = request.Message.HeaderJson;
        var comm = new Comm(id, target, (type, content, buffers) => ioPub.Publish(type, parent, content, null, buffers));
        if (!request.Kernel.Comms.TryOpen(comm, request.Content["data"]))
        {
            request.Kernel.Log($"shell: no comm target '{target}' is registered; the comm was closed");
            request.Publish("comm_close", new JsonObject { ["comm_id"] = id, ["data"] = new JsonObject() });
        }
    }

    public static void Message(Request request)
    {
        string id = request.Text("comm_id");
        if (!request.Kernel.Comms.TryReceive(id, request.Content["data"], request.Message.Buffers))
        {
            request.Kernel.Log($"shell: a message for comm '{id}', which is not open, was ignored");
        }
    }

    public static void Close(Request request) => request.Kernel.Comms.Close(request.Text("comm_id"));
}
