using System.Globalization;
using System.Text;
using TensorCell.Tensors;

namespace TensorCell.Learning;

/// <summary>The layers of a module with their shapes and sizes.</summary>
/// <param name="Title">What the module is.</param>
/// <param name="Layers">The module and all it consists of, each before what it consists of.</param>
/// <param name="InputShape">The shape that the output shapes follow from, if the module was called.</param>
/// <param name="ParameterCount">Elements of all parameters, shared ones once.</param>
/// <param name="TrainableCount">Elements of those that are not frozen.</param>
/// <param name="ByteSize">Bytes of parameters and buffers.</param>
public sealed record ModuleSummary(
    string Title, IReadOnlyList<LayerSummary> Layers, Shape? InputShape, long ParameterCount, long TrainableCount, long ByteSize)
{
    /// <summary>Sums a module up.</summary>
    public static ModuleSummary Of(Module module)
    {
        ArgumentNullException.ThrowIfNull(module);
        ModuleState state = ModuleState.Of(module);
        List<LayerSummary> layers = [];
        foreach (ModuleState.FoundModule found in state.Modules)
        {
            string prefix = found.Name.Length == 0 ? "" : found.Name + ".";
            ModuleState.FoundTensor[] inside = [.. state.Tensors.Where(tensor => tensor.Name.StartsWith(prefix, StringComparison.Ordinal))];
            layers.Add(new LayerSummary(
                found.Name,
                found.Module.ToString() ?? found.Module.GetType().Name,
                found.Depth,
                found.Module.LastOutputShape,
                inside.Where(tensor => !tensor.IsBuffer).Sum(tensor => tensor.Tensor.Count),
                inside.Sum(tensor => tensor.Tensor.ByteSize)));
        }

        ModuleState.FoundTensor[] parameters = [.. state.Tensors.Where(found => !found.IsBuffer)];
        return new ModuleSummary(
            module.GetType().Name,
            layers,
            module.LastInputShape,
            parameters.Sum(found => found.Tensor.Count),
            parameters.Where(found => found.Tensor.RequiresGrad).Sum(found => found.Tensor.Count),
            state.Tensors.Sum(found => found.Tensor.ByteSize));
    }

    /// <summary>The table as text.</summary>
    public override string ToString()
    {
        string[][] rows =
        [
            ["layer", "", "output", "parameters"],
            .. Layers.Select(layer => new[]
            {
                new string(' ', 2 * layer.Depth) + (layer.Name.Length == 0 ? Title : layer.Name),
                layer.Description,
                layer.OutputShape?.ToString() ?? "",
                layer.ParameterCount.ToString("N0", CultureInfo.InvariantCulture),
            }),
        ];
        int[] widths = [.. Enumerable.Range(0, 4).Select(column => rows.Max(row => row[column].Length))];
        StringBuilder text = new();
        foreach (string[] row in rows)
        {
            text.Append(row[0].PadRight(widths[0] + 2)).Append(row[1].PadRight(widths[1] + 2)).Append(row[2].PadRight(widths[2] + 2))
                .Append(row[3].PadLeft(widths[3])).Append('\n');
        }

        text.Append(CultureInfo.InvariantCulture, $"{ParameterCount:N0} parameters");
        if (TrainableCount != ParameterCount)
        {
            text.Append(CultureInfo.InvariantCulture, $", {TrainableCount:N0} of them trained");
        }

        return text.Append(CultureInfo.InvariantCulture, $", {ByteSize:N0} bytes").ToString();
    }
}
