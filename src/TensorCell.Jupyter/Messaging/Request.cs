using System.Text.Json.Nodes;
using TensorCell.Jupyter.Sessions;

namespace TensorCell.Jupyter.Messaging;

/// <summary>One request being answered.</summary>
/// <param name="Kernel">The kernel that answers.</param>
/// <param name="Message">What was asked.</param>
/// <param name="Send">Sends a message of a type back to the asker.</param>
public sealed record Request(JupyterKernel Kernel, JupyterMessage Message, Action<string, JsonObject, JsonObject?> Send)
{
    /// <summary>What was asked in detail.</summary>
    public JsonObject Content => Message.Content;

    /// <summary>The type of the answer: <c>execute_reply</c> for <c>execute_request</c>.</summary>
    public string ReplyType => Message.Type.EndsWith("_request", StringComparison.Ordinal)
        ? string.Concat(Message.Type.AsSpan(0, Message.Type.Length - "request".Length), "reply")
        : Message.Type + "_reply";

    /// <summary>Answers; a content without a status is a success.</summary>
    public void Reply(JsonObject content)
    {
        content["status"] ??= "ok";
        Send(ReplyType, content, null);
    }

    /// <summary>Answers that it failed.</summary>
    public void ReplyError(CellError error)
    {
        var content = new JsonObject();
        if (Message.Type == Handlers.ExecuteHandler.MessageType)
        {
            content["execution_count"] = Kernel.ExecutionCount;
        }

        content["status"] = "error";
        content["ename"] = error.Name;
        content["evalue"] = error.Message;
        content["traceback"] = new JsonArray([.. error.Traceback.Select(line => (JsonNode)line)]);
        Send(ReplyType, content, null);
    }

    /// <summary>Answers an execution that was dropped because the one before it failed.</summary>
    public void ReplyAborted() => Send(ReplyType, new JsonObject { ["status"] = "aborted" }, null);

    /// <summary>Broadcasts a message that this request caused.</summary>
    public void Publish(string type, JsonObject content, long size = 0) =>
        Kernel.IoPub.Publish(type, Message.HeaderJson, content, size: size);

    /// <summary>A text of the content.</summary>
    /// <exception cref="RequestException">There is something else under that name.</exception>
    public string Text(string name, string? otherwise = null) => Value<string>(name, "text", otherwise);

    /// <summary>A whole number of the content.</summary>
    /// <exception cref="RequestException">There is something else under that name.</exception>
    public int Number(string name, int otherwise) => Value<int?>(name, "a whole number", otherwise)!.Value;

    /// <summary>A truth value of the content.</summary>
    /// <exception cref="RequestException">There is something else under that name.</exception>
    public bool Flag(string name, bool otherwise) => Value<bool?>(name, "true or false", otherwise)!.Value;

    private T Value<T>(string name, string kind, T? otherwise)
    {
        JsonNode? json = Content[name];
        if (json is null)
        {
            return otherwise ?? Throw.Request<T>($"{Message.Type}: '{name}' is missing; it must be {kind}");
        }

        try
        {
            if (json is JsonValue value && value.TryGetValue(out T? found) && found is not null)
            {
                return found;
            }
        }
        catch (InvalidOperationException)
        {
            return Throw.Request<T>($"{Message.Type}: '{name}' is no Unicode text");
        }

        return Throw.Request<T>($"{Message.Type}: '{name}' must be {kind}, found {json.GetValueKind()}");
    }
}

/// <summary>A request whose content is not what the protocol says; answered with an error.</summary>
public sealed class RequestException(string message) : Exception(message);
