using System.Globalization;
using TensorCell.Inference;

namespace TensorCell.Interactive.Formatting;

/// <summary>A card for an ONNX model: where it comes from, what it takes and gives, what it is made of.</summary>
internal static class OnnxHtml
{
    private const int MostOperators = 12;
    private const int MostNotes = 8;
    private const int MostText = 200;

    public static string Write(OnnxModel model) => Html.Output(Card(model.Name, Settings(model), model.Metadata, model.Inputs, model.Outputs));

    public static string Write(OnnxMetadata metadata) => Html.Output(Card(Name(metadata), null, metadata, metadata.Inputs, metadata.Outputs));

    public static string Text(OnnxModel model) => Text(model.Name, Settings(model), model.Metadata, model.Inputs, model.Outputs);

    public static string Text(OnnxMetadata metadata) => Text(Name(metadata), null, metadata, metadata.Inputs, metadata.Outputs);

    private static string Name(OnnxMetadata metadata) => metadata.GraphName.Length > 0 ? metadata.GraphName : "ONNX model";

    private static string Settings(OnnxModel model)
    {
        var threads = model.Options.Threads switch { 0 => "all threads", 1 => "1 thread", var count => $"{count} threads" };
        return $"ONNX Runtime {OnnxRuntime.Version} on {string.Join(", ", model.Options.Providers)}, {threads}";
    }

    private static string Card(
        string name, string? settings, OnnxMetadata metadata, IReadOnlyList<OnnxValueInfo> inputs, IReadOnlyList<OnnxValueInfo> outputs) => Html.Card(
        Html.Heading(name, settings),
        metadata.Description.Length > 0 ? Html.Note(CellText.Cut(metadata.Description, MostText)) : "",
        $"<div style=\"display:flex;flex-wrap:wrap;gap:6px 28px\"><div>{Values(inputs, outputs).ToHtml()}{Html.Properties(Facts(metadata))}</div><div>{Operators(metadata)}</div></div>");

    private static HtmlTable Values(IReadOnlyList<OnnxValueInfo> inputs, IReadOnlyList<OnnxValueInfo> outputs)
    {
        var table = new HtmlTable(["", "name", "type", "shape"]);
        foreach (var (role, value) in inputs.Select(input => ("input", input)).Concat(outputs.Select(output => ("output", output))))
        {
            table.Add([new TableCell(role), new TableCell(value.Name), new TableCell(value.TypeName), new TableCell(Shape(value))]);
        }

        return table;
    }

    private static string Operators(OnnxMetadata metadata)
    {
        if (metadata.Operators.Count == 0)
        {
            return "";
        }

        var shown = metadata.Operators.Take(MostOperators).ToList();
        if (metadata.Operators.Count > MostOperators)
        {
            shown.Add(new($"{metadata.Operators.Count - MostOperators} others", metadata.Operators.Skip(MostOperators).Sum(pair => pair.Value)));
        }

        var counts = Chart.HorizontalBar(
                shown.Select(pair => pair.Key),
                shown.Select(pair => pair.Value),
                labels: shown.Select(pair => pair.Value.ToString("N0", CultureInfo.InvariantCulture)))
            .X("nodes")
            .Size(420, 80 + (22 * shown.Count));
        return Html.Picture(counts.ToSvg(), $"operators: {string.Join(", ", shown.Select(pair => $"{pair.Key} {pair.Value}"))}");
    }

    private static string Text(
        string name, string? settings, OnnxMetadata metadata, IReadOnlyList<OnnxValueInfo> inputs, IReadOnlyList<OnnxValueInfo> outputs)
    {
        IEnumerable<string> lines =
        [
            settings is null ? name : $"{name}: {settings}",
            .. inputs.Select(input => $"input {input}"),
            .. outputs.Select(output => $"output {output}"),
            .. Facts(metadata).Select(fact => $"{fact.Name}: {fact.Value}"),
            $"operators: {string.Join(", ", metadata.Operators.Take(MostOperators).Select(pair => $"{pair.Key} {pair.Value}"))}{(metadata.Operators.Count > MostOperators ? ", …" : "")}",
        ];
        return string.Join("\n  ", lines);
    }

    private static IEnumerable<(string Name, string Value)> Facts(OnnxMetadata metadata)
    {
        yield return ("parameters", $"{metadata.ParameterCount:N0}, {Quantity.Bytes(metadata.ParameterBytes)}");
        var beside = metadata.ExternalFiles.Count == 0 ? "" : $", and {CellText.Cut(string.Join(", ", metadata.ExternalFiles), MostText)} beside it";
        yield return ("file", $"{Quantity.Bytes(metadata.FileBytes)}{beside}");
        yield return ("nodes", metadata.NodeCount.ToString("N0", CultureInfo.InvariantCulture));
        var producer = $"{metadata.Producer} {metadata.ProducerVersion}".Trim();
        yield return ("producer", producer.Length == 0 ? "–" : CellText.Cut(producer, MostText));
        if (metadata.GraphName.Length > 0)
        {
            yield return ("graph", CellText.Cut(metadata.GraphName, MostText));
        }

        yield return ("opset", string.Join(", ", metadata.Opsets.Select(opset => opset.Key == "ai.onnx" ? $"{opset.Value}" : $"{opset.Key} {opset.Value}")) + $" (format {metadata.IrVersion})");
        foreach (var (key, value) in metadata.Custom.Take(MostNotes))
        {
            yield return (CellText.Cut(key, 40), CellText.Cut(value, MostText));
        }

        if (metadata.Custom.Count > MostNotes)
        {
            yield return ("…", $"{metadata.Custom.Count - MostNotes:N0} more notes in Metadata.Custom");
        }
    }

    private static string Shape(OnnxValueInfo value) => value.Dimensions is { } dimensions ? $"[{string.Join(", ", dimensions)}]" : "any";
}
