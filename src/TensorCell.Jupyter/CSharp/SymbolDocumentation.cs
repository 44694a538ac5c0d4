using System.Text;
using System.Text.RegularExpressions;
using System.Xml;
using System.Xml.Linq;
using Microsoft.CodeAnalysis;

namespace TensorCell.Jupyter.CSharp;

/// <summary>The documentation of a symbol, as plain text.</summary>
internal sealed partial record SymbolDocumentation(
    string Summary, IReadOnlyList<(string Name, string Text)> Parameters, string Returns, IReadOnlyList<(string Type, string Text)> Exceptions)
{
    /// <summary>What its author wrote; empty when nothing is found.</summary>
    public static SymbolDocumentation Of(ISymbol symbol, CancellationToken cancellation)
    {
        ISymbol definition = symbol is IMethodSymbol { ReducedFrom: { } full } ? full.OriginalDefinition : symbol.OriginalDefinition;
        string? xml = definition.GetDocumentationCommentXml(cancellationToken: cancellation);
        if (string.IsNullOrWhiteSpace(xml) && definition.GetDocumentationCommentId() is { } id)
        {
            xml = PackDocumentation.Find(id);
        }

        try
        {
            XElement root = XElement.Parse(string.IsNullOrWhiteSpace(xml) ? "<doc/>" : $"<doc>{xml}</doc>");
            return new SymbolDocumentation(
                TextOf(root.Descendants("summary").FirstOrDefault()),
                [.. root.Descendants("param").Select(part => (part.Attribute("name")?.Value ?? "", TextOf(part)))],
                TextOf(root.Descendants("returns").FirstOrDefault()),
                [.. root.Descendants("exception").Select(part => (ShortName(part.Attribute("cref")?.Value ?? ""), TextOf(part)))]);
        }
        catch (XmlException)
        {
            // What a cell's author wrote may not be XML; it says nothing then.
            return new SymbolDocumentation("", [], "", []);
        }
    }

    private static string TextOf(XElement? element)
    {
        var text = new StringBuilder();
        foreach (XNode node in element?.Nodes() ?? [])
        {
            text.Append(node switch
            {
                XText plain => plain.Value,
                XElement { Name.LocalName: "see" or "seealso" } see => see.Value.Length > 0
                    ? see.Value
                    : see.Attribute("langword")?.Value ?? ShortName(see.Attribute("cref")?.Value ?? see.Attribute("href")?.Value ?? ""),
                XElement { Name.LocalName: "paramref" or "typeparamref" } reference => reference.Attribute("name")?.Value ?? "",
                XElement inner => TextOf(inner),
                _ => "",
            });
        }

        return Space().Replace(text.ToString(), " ").Trim();
    }

    /// <summary>The last name of a documentation id such as <c>T:System.String</c>.</summary>
    private static string ShortName(string id)
    {
        string name = id.Length > 2 && id[1] == ':' ? id[2..] : id;
        int parameters = name.IndexOf('(', StringComparison.Ordinal);
        name = parameters < 0 ? name : name[..parameters];
        name = name[(name.LastIndexOf('.') + 1)..];
        int arity = name.IndexOf('`', StringComparison.Ordinal);
        return arity < 0 ? name : name[..arity];
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Space();
}
