using System.Text.Json.Nodes;
using TensorCell.Jupyter.Messaging;

namespace TensorCell.Jupyter.Handlers;

/// <summary>Ends the kernel; a client that wants a restart starts another one itself.</summary>
internal static class ShutdownHandler
{
    public static void Handle(Request request)
    {
        bool isRestart = request.Flag("restart", false);
        request.Reply(new JsonObject { ["restart"] = isRestart });

        // The protocol wants every client told, not only the one that asked.
        request.Publish("shutdown_reply", new JsonObject { ["status"] = "ok", ["restart"] = isRestart });
        request.Kernel.End();
    }
}
