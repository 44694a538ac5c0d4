using System.Diagnostics.CodeAnalysis;
using TensorCell.Jupyter.Messaging;

namespace TensorCell.Jupyter.Handlers;

/// <summary>Answers one type of request, before it returns.</summary>
internal delegate void RequestHandler(Request request);

/// <summary>Which handler answers which type of request. The control channel answers all but those that use the session.</summary>
internal static class HandlerTable
{
    private static readonly Dictionary<string, RequestHandler> anywhere = new()
    {
        ["kernel_info_request"] = KernelInfoHandler.Handle,
        ["interrupt_request"] = InterruptHandler.Handle,
        ["shutdown_request"] = ShutdownHandler.Handle,
        ["debug_request"] = DebugHandler.Handle,
        ["comm_info_request"] = CommHandlers.Info,
        ["history_request"] = HistoryHandler.Handle,
    };

    private static readonly Dictionary<string, RequestHandler> shellOnly = new()
    {
        [ExecuteHandler.MessageType] = ExecuteHandler.Handle,
        ["complete_request"] = CompleteHandler.Handle,
        ["inspect_request"] = InspectHandler.Handle,
        ["is_complete_request"] = IsCompleteHandler.Handle,
        ["comm_open"] = CommHandlers.Open,
        ["comm_msg"] = CommHandlers.Message,
        ["comm_close"] = CommHandlers.Close,
    };

    public static bool TryFind(string type, bool isShell, [NotNullWhen(true)] out RequestHandler? handler) =>
        anywhere.TryGetValue(type, out handler) || (isShell && shellOnly.TryGetValue(type, out handler));
}
