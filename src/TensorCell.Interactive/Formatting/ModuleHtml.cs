using System.Globalization;
using System.Text;
using TensorCell.Learning;

namespace TensorCell.Interactive.Formatting;

/// <summary>A module: what it consists of, with shapes and sizes.</summary>
internal static class ModuleHtml
{
    private const int MostLayers = 60;

    public static string Write(Module module) => Write(module.Summary());

    public static string Text(Module module) => module.Summary().ToString();

    public static string Write(ModuleSummary summary)
    {
        var hasShapes = summary.Layers.Any(layer => layer.OutputShape is not null);
        var html = new StringBuilder("<table><thead><tr><th>layer</th><th></th>");
        html.Append(hasShapes ? "<th>output</th>" : "").Append("<th class=\"n\">parameters</th><th></th><th class=\"n\">bytes</th></tr></thead><tbody>");
        foreach (var place in Elision.Places(summary.Layers.Count, MostLayers))
        {
            html.Append(place is { } index ? Row(summary, summary.Layers[index], hasShapes) : $"<tr><td colspan=\"{(hasShapes ? 6 : 5)}\">⋮</td></tr>");
        }

        html.Append("</tbody></table>");
        var trained = summary.TrainableCount == summary.ParameterCount ? "" : $", {Number(summary.TrainableCount)} of them trained";
        var shape = summary.InputShape is { } input ? $"; shapes for an input {input}" : "";
        return Html.Output(
            Html.Heading(summary.Title, $"{Number(summary.ParameterCount)} parameters{trained}, {Quantity.Bytes(summary.ByteSize)}{shape}"),
            html.ToString());
    }

    private static string Row(ModuleSummary summary, LayerSummary layer, bool hasShapes)
    {
        var name = layer.Name.Length == 0 ? summary.Title : layer.Name;
        var description = layer.Description == name ? "" : layer.Description;
        var isOwner = layer.ParameterCount > 0;
        var html = new StringBuilder($"<tr><td class=\"u\" style=\"padding-left:{(14 * layer.Depth).ToString(CultureInfo.InvariantCulture)}px\">{Html.Encode(name)}</td>");
        html.Append($"<td class=\"u s\">{Html.Encode(CellText.Cut(description, 60))}</td>");
        html.Append(hasShapes ? $"<td class=\"u\">{Html.Encode(layer.OutputShape?.ToString())}</td>" : "");
        html.Append($"<td class=\"n\">{(isOwner ? Number(layer.ParameterCount) : "")}</td>");
        html.Append($"<td>{(isOwner && layer.Depth > 0 ? Html.Share((double)layer.ParameterCount / summary.ParameterCount) : "")}</td>");
        return html.Append($"<td class=\"n\">{(layer.ByteSize > 0 ? Quantity.Bytes(layer.ByteSize) : "")}</td></tr>").ToString();
    }

    private static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
