using System.Collections;
using System.Globalization;
using System.Net;
using System.Text;

namespace TensorCell.Interactive.Magics;

/// <summary>The help of a magic, from its declaration.</summary>
internal static class MagicHelp
{
    public static MimeBundle Of(MagicDeclaration declaration)
    {
        var defaults = declaration.Create();
        var text = new StringBuilder();
        var html = new StringBuilder();
        text.Append(declaration.Usage).Append("\n\n").Append(declaration.Description).Append(".\n");
        html.Append("<div><pre><code>").Append(WebUtility.HtmlEncode(declaration.Usage)).Append("</code></pre><p>")
            .Append(WebUtility.HtmlEncode(declaration.Description)).Append(".</p>");
        if (declaration.Parameters.Count > 0)
        {
            var width = declaration.Parameters.Max(parameter => Heading(parameter).Length);
            text.Append('\n');
            html.Append("<table>");
            foreach (var parameter in declaration.Parameters)
            {
                var details = parameter.Description + Details(parameter, defaults);
                text.Append("  ").Append(Heading(parameter).PadRight(width)).Append("  ").Append(details).Append('\n');
                html.Append("<tr><td style=\"text-align:left\"><code>").Append(WebUtility.HtmlEncode(Heading(parameter)))
                    .Append("</code></td><td style=\"text-align:left\">").Append(WebUtility.HtmlEncode(details)).Append("</td></tr>");
            }

            html.Append("</table>");
        }

        if (declaration.Examples.Count > 0)
        {
            text.Append("\nFor example:\n  ").Append(string.Join("\n  ", declaration.Examples)).Append('\n');
            html.Append("<p>For example:</p><pre><code>").Append(WebUtility.HtmlEncode(string.Join('\n', declaration.Examples)))
                .Append("</code></pre>");
        }

        return MimeBundle.Html(html.Append("</div>").ToString(), text.ToString().TrimEnd('\n'));
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
