using System.Text.Json.Nodes;
using TensorCell.Jupyter.Messaging;
using TensorCell.Jupyter.Sessions;

namespace TensorCell.Jupyter.Handlers;

/// <summary>Proposes what could stand at the cursor.</summary>
internal static class CompleteHandler
{
    public static void Handle(Request request)
    {
        string code = request.Text("code");
        int cursor = CodePoints.ToUtf16(code, request.Number("cursor_pos", code.Length));
        CompletionResult result = request.Kernel.Session.CompleteAsync(code, cursor, CancellationToken.None).GetAwaiter().GetResult();
        int start = CodePoints.FromUtf16(code, result.Start);
        int end = CodePoints.FromUtf16(code, result.End);
        request.Reply(new JsonObject
        {
            ["matches"] = new JsonArray([.. result.Items.Select(item => (JsonNode)item.Text)]),
            ["cursor_start"] = start,
            ["cursor_end"] = end,
            ["metadata"] = new JsonObject
            {
                // What JupyterLab reads for the icons and signatures of its proposals.
                ["_jupyter_types_experimental"] = new JsonArray([.. result.Items.Select(item => (JsonNode)new JsonObject
                {
                    ["text"] = item.Text,
                    ["type"] = item.Kind,
                    ["signature"] = item.Signature,
                    ["start"] = start,
                    ["end"] = end,
                })]),
            },
        });
    }
}
