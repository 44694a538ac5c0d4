using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace TensorCell.Jupyter.Notebooks;

/// <summary>Values given from outside, declared in a cell of their own, as papermill does.</summary>
internal static class NotebookParameters
{
    private const string InjectedTag = "injected-parameters";

    /// <summary>
    /// Puts a cell with the declarations after the cell tagged <c>parameters</c>, or first when there is none; one injected by
    /// an earlier run is replaced.
    /// </summary>
    /// <param name="document">The notebook.</param>
    /// <param name="parameters">Names and values; a value that is a number or true or false is declared as such, else as text.</param>
    /// <exception cref="FormatException">A name is no C# identifier.</exception>
    public static void Inject(NotebookDocument document, IReadOnlyList<(string Name, string Value)> parameters)
    {
        document.Cells.RemoveAll(cell => HasTag(cell, InjectedTag));
        var code = new StringBuilder("// Parameters\n");
        foreach ((string name, string value) in parameters)
        {
            if (name.Length == 0 || char.IsAsciiDigit(name[0]) || !name.All(letter => char.IsLetterOrDigit(letter) || letter == '_'))
            {
                Throw.Format($"parameter '{name}' is no C# variable name; write --parameter name=value");
            }

            code.Append(CultureInfo.InvariantCulture, $"var {name} = {Literal(value)};\n");
        }

        int place = document.Cells.FindIndex(cell => HasTag(cell, "parameters")) + 1;
        document.Cells.Insert(place, new NotebookCell(CellKind.Code, code.ToString().TrimEnd('\n'))
        {
            Metadata = new JsonObject { ["tags"] = new JsonArray(InjectedTag) },
        });
    }

    private static string Literal(string value) =>
        value is "true" or "false" ? value
        : int.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int whole) ? whole.ToString(CultureInfo.InvariantCulture)
        : double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number)
            ? number.ToString("R", CultureInfo.InvariantCulture) + "d"
        : Quoted(value);

    private static string Quoted(string value)
    {
        var quoted = new StringBuilder("\"");
        foreach (char letter in value)
        {
            quoted.Append(letter switch
            {
                '"' => "\\\"",
                '\\' => "\\\\",
                _ when char.IsControl(letter) || char.IsSurrogate(letter) => $"\\u{(int)letter:x4}",
                _ => letter.ToString(),
            });
        }

        return quoted.Append('"').ToString();
    }

    private static bool HasTag(NotebookCell cell, string wanted) =>
        cell.Metadata["tags"] is JsonArray tags
        && tags.Any(tag => tag is not null && tag.GetValueKind() == JsonValueKind.String && tag.GetValue<string>() == wanted);
}
