using System.Text.Json.Nodes;
using TensorCell.Jupyter.Messaging;

namespace TensorCell.Jupyter.Handlers;

/// <summary>Lists cells that were run.</summary>
internal static class HistoryHandler
{
    public static void Handle(Request request)
    {
        ExecutionHistory history = request.Kernel.History;
        string access = request.Text("hist_access_type", "tail");
        IReadOnlyList<HistoryEntry> entries = access switch
        {
            "range" => history.Range(request.Number("session", 0), request.Number("start", 0), request.Number("stop", 0)),
            "tail" => history.Tail(request.Number("n", 10)),
            "search" => history.Search(
                request.Text("pattern", "*"),
                request.Number("n", 0) is > 0 and var count ? count : null,
                request.Flag("unique", false)),
            _ => Throw.Request<IReadOnlyList<HistoryEntry>>($"history_request: hist_access_type '{access}' is none of range, tail and search"),
        };
        bool withOutput = request.Flag("output", false);
        request.Reply(new JsonObject
        {
            ["history"] = new JsonArray([.. entries.Select(entry => (JsonNode)new JsonArray(
                entry.Session, entry.Line, withOutput ? new JsonArray(entry.Input, entry.Output) : entry.Input))]),
        });
    }
}
