using System.Text.Json.Nodes;
using TensorCell.Interactive;
using TensorCell.Jupyter.Messaging;
using TensorCell.Jupyter.Notebooks;

namespace TensorCell.Jupyter.Handlers;

/// <summary>Describes what stands at the cursor.</summary>
internal static class InspectHandler
{
    public static void Handle(Request request)
    {
        string code = request.Text("code");
        int cursor = CodePoints.ToUtf16(code, request.Number("cursor_pos", code.Length));
        int detail = request.Number("detail_level", 0);
        MimeBundle? found = request.Kernel.Session.InspectAsync(code, cursor, detail, CancellationToken.None).GetAwaiter().GetResult();
        request.Reply(new JsonObject
        {
            ["found"] = found is not null,
            ["data"] = found is null ? [] : NotebookOutput.DataOf(found),
            ["metadata"] = new JsonObject(),
        });
    }
}
