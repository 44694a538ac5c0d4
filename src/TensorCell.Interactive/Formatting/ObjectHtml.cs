using System.Collections;
using System.Reflection;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Html;

namespace TensorCell.Interactive.Formatting;

/// <summary>Any value that nothing more particular knows: its properties, or its text.</summary>
internal static class ObjectHtml
{
    private static readonly JsonSerializerOptions indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Write(object value)
    {
        switch (value)
        {
            case IHtmlContent content:
                using (var writer = new StringWriter())
                {
                    content.WriteTo(writer, HtmlEncoder.Default);
                    return writer.ToString();
                }

            case JsonElement or JsonNode or JsonDocument:
                return Html.Output(Html.Preformatted(CellText.Cut(Json(value), 20_000)));
            case IEnumerable items when SequenceHtml.IsPlainSequence(items):
                return SequenceHtml.Write(items);
        }

        var names = CellText.IsSimple(value) ? [] : Members.Names(value.GetType());
        return names.Count == 0
            ? Html.Output(Html.Preformatted(CellText.IsSimple(value) ? CellText.Simple(value) : SafeText.Of(value)))
            : Html.Output(
                Html.Heading(TypeName.Of(value.GetType())),
                Html.Properties(names.Select(name => (name, CellText.Of(Members.Read(value, name))))));
    }

    public static string Text(object value) => value switch
    {
        IHtmlContent => SafeText.Of(value),
        JsonElement or JsonNode or JsonDocument => Json(value),
        _ when CellText.IsSimple(value) => CellText.Simple(value),
        IEnumerable items when SequenceHtml.IsPlainSequence(items) => SequenceHtml.Text(items),
        _ when HasOwnText(value.GetType()) => SafeText.Of(value),
        _ => string.Join("\n  ", Members.Names(value.GetType())
            .Select(name => $"{name}: {CellText.Of(Members.Read(value, name))}")
            .Prepend(TypeName.Of(value.GetType()))),
    };

    private static string Json(object value) => value switch
    {
        JsonDocument document => JsonSerializer.Serialize(document.RootElement, indented),
        JsonElement { ValueKind: JsonValueKind.Undefined } => "undefined",
        _ => JsonSerializer.Serialize(value, value.GetType(), indented),
    };

    private static bool HasOwnText(Type type) =>
        type.GetMethod(nameof(ToString), BindingFlags.Public | BindingFlags.Instance, Type.EmptyTypes)?.DeclaringType is { } declaring
        && declaring != typeof(object) && declaring != typeof(ValueType) && declaring != typeof(MarshalByRefObject);
}
