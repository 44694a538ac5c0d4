using System.Collections;
using System.Globalization;
using System.Text;
using TensorCell.Interactive.Formatting;

namespace TensorCell.Interactive.Magics;

/// <summary>The help of a magic, from its declaration.</summary>
internal static class MagicHelp
{
    public static MimeBundle Of(MagicDeclaration declaration)
    {
        var defaults = declaration.Create();
        List<string[]> rows = [.. declaration.Parameters.Select(parameter => new[] { Heading(parameter), parameter.Description + Details(parameter, defaults) })];
        var text = new StringBuilder(declaration.Usage).Append("\n\n").Append(declaration.Description).Append(".\n");
        var html = new StringBuilder(Html.Preformatted(declaration.Usage)).Append(Html.Note(declaration.Description + "."));
        if (rows.Count > 0)
        {
            text.Append("\n  ").Append(TextTable.Write(rows).Replace("\n", "\n  ")).Append('\n');
            html.Append(Html.Properties(rows.Select(row => (row[0], row[1]))));
        }

        if (declaration.Remark.Length > 0)
        {
            text.Append('\n').Append(declaration.Remark).Append(".\n");
            html.Append(Html.Note(declaration.Remark + "."));
        }

        if (declaration.Examples.Count > 0)
        {
            text.Append("\nFor example:\n  ").Append(string.Join("\n  ", declaration.Examples)).Append('\n');
            html.Append(Html.Note("For example:")).Append(Html.Preformatted(string.Join('\n', declaration.Examples)));
        }

        return MimeBundle.Html(Html.Output(html.ToString()), text.ToString().TrimEnd('\n'));
    }

    private static string Heading(MagicParameter parameter) =>
        parameter.IsOption && !parameter.IsFlag ? $"{parameter.Name} {parameter.ValueName}" : parameter.Name;

    private static string Details(MagicParameter parameter, Magic defaults)
    {
        var details = new List<string>();
        if (parameter.ElementType.IsEnum)
        {
            details.Add(string.Join(" or ", MagicValue.Words(parameter.ElementType)));
        }

        if (parameter.IsRequired)
        {
            details.Add("required");
        }

        if (parameter.IsList)
        {
            details.Add("may be given repeatedly");
        }

        var value = parameter.Property.GetValue(defaults);
        if (!parameter.IsFlag && value is not (null or "" or ICollection))
        {
            var shown = parameter.ElementType.IsEnum ? value.ToString()!.ToLowerInvariant() : Convert.ToString(value, CultureInfo.InvariantCulture);
            details.Add($"{shown} unless given");
        }

        return details.Count == 0 ? "" : $" ({string.Join("; ", details)})";
    }
}
