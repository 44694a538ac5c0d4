using System.Text.Json.Nodes;
using TensorCell.Jupyter.Messaging;

namespace TensorCell.Jupyter.Handlers;

/// <summary>Answers the Debug Adapter Protocol's requests, which Jupyter passes on, with that there is no debugger.</summary>
internal static class DebugHandler
{
    public static void Handle(Request request) => request.Reply(new JsonObject
    {
        ["type"] = "response",
        ["request_seq"] = request.Number("seq", 0),
        ["success"] = false,
        ["command"] = request.Text("command", ""),
        ["message"] = "this kernel has no debugger",
    });
}
