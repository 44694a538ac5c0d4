using System.Text.Json.Nodes;
using TensorCell.Jupyter.Messaging;
using TensorCell.Jupyter.Notebooks;
using TensorCell.Jupyter.Sessions;

namespace TensorCell.Jupyter.Handlers;

/// <summary>Runs a cell.</summary>
internal static class ExecuteHandler
{
    public const string MessageType = "execute_request";

    public static void Handle(Request request)
    {
        JupyterKernel kernel = request.Kernel;
        string code = request.Text("code");
        bool isSilent = request.Flag("silent", false);
        bool isStored = !isSilent && request.Flag("store_history", true);
        if (isStored)
        {
            kernel.ExecutionCount++;
        }

        int count = kernel.ExecutionCount;
        if (!isSilent)
        {
            request.Publish("execute_input", new JsonObject { ["code"] = code, ["execution_count"] = count }, code.Length);
        }

        var output = new KernelCellOutput(request, count, request.Flag("allow_stdin", true));
        if (!isSilent && kernel.Notice is { } notice)
        {
            kernel.Notice = null;
            output.Stream("stderr", notice);
        }

        kernel.CellStarted?.Invoke(count, code);
        CellOutcome outcome = kernel.Session.ExecuteAsync(code, output, isSilent, CancellationToken.None).GetAwaiter().GetResult();
        kernel.CellEnded?.Invoke();
        if (isStored)
        {
            kernel.History.Add(count, code, output.ResultText);
        }

        if (outcome.Error is { } error)
        {
            if (!isSilent)
            {
                JsonObject content = NotebookOutput.Error(error);
                content.Remove("output_type");
                request.Publish("error", content);
            }

            if (request.Flag("stop_on_error", true))
            {
                kernel.AbortQueued();
            }

            request.ReplyError(error);
            return;
        }

        request.Reply(new JsonObject
        {
            ["execution_count"] = count,
            ["user_expressions"] = UserExpressions.Evaluate(kernel.Session, request.Content["user_expressions"]),
            ["payload"] = new JsonArray(),
        });
    }
}
