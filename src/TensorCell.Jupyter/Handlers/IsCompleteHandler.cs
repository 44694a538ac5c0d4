using System.Text.Json.Nodes;
using TensorCell.Jupyter.Messaging;
using TensorCell.Jupyter.Sessions;

namespace TensorCell.Jupyter.Handlers;

/// <summary>Tells a console whether a cell can run as it stands.</summary>
internal static class IsCompleteHandler
{
    public static void Handle(Request request)
    {
        Completeness completeness = request.Kernel.Session.IsComplete(request.Text("code"));
        var content = new JsonObject { ["status"] = completeness.Status };
        if (completeness.Status == "incomplete")
        {
            content["indent"] = completeness.Indent;
        }

        request.Reply(content);
    }
}
