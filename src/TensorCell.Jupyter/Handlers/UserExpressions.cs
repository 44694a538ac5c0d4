using System.Text.Json.Nodes;
using TensorCell.Interactive;
using TensorCell.Jupyter.Notebooks;
using TensorCell.Jupyter.Sessions;

namespace TensorCell.Jupyter.Handlers;

/// <summary>Evaluates the expressions that a client wants to know the values of after a cell.</summary>
internal static class UserExpressions
{
    public static JsonObject Evaluate(NotebookSession session, JsonNode? expressions)
    {
        var values = new JsonObject();
        foreach ((string name, JsonNode? json) in expressions as JsonObject ?? [])
        {
            if (json is JsonValue value && value.TryGetValue(out string? expression))
            {
                values[name] = Evaluate(session, expression);
            }
        }

        return values;
    }

    private static JsonObject Evaluate(NotebookSession session, string expression)
    {
        var output = new Capture();
        CellOutcome outcome = session.ExecuteAsync(expression, output, silent: false, CancellationToken.None).GetAwaiter().GetResult();
        if (outcome.Error is { } error)
        {
            JsonObject failed = NotebookOutput.Error(error);
            failed.Remove("output_type");
            failed["status"] = "error";
            return failed;
        }

        return new JsonObject
        {
            ["status"] = "ok",
            ["data"] = output.Value is null ? [] : NotebookOutput.DataOf(output.Value),
            ["metadata"] = new JsonObject(),
        };
    }

    /// <summary>Keeps the value and drops what else the expression shows.</summary>
    private sealed class Capture : ICellOutput
    {
        public MimeBundle? Value { get; private set; }

        public void Stream(string name, string text)
        {
        }

        public void Display(MimeBundle bundle, string? displayId)
        {
        }

        public void UpdateDisplay(MimeBundle bundle, string displayId)
        {
        }

        public void Result(MimeBundle bundle) => Value = bundle;

        public void Clear(bool wait)
        {
        }

        public string ReadInput(string prompt, bool isPassword, CancellationToken cancellation) =>
            Throw.NoInput<string>("an expression evaluated for the client cannot ask for input");
    }
}
