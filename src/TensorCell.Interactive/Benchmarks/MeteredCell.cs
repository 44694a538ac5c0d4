using TensorCell.Interactive.Magics;
using TensorCell.Kernels;

namespace TensorCell.Interactive.Benchmarks;

/// <summary>
/// Runs what stands below a magic as the notebook would run it, other magics included, and shows its values. What its code only promised is
/// computed on the meter, which rests while values are shown.
/// </summary>
internal sealed class MeteredCell
{
    private readonly Dictionary<string, object?> values;
    private readonly MagicRegistry registry;
    private readonly INotebook notebook;
    private readonly IReadOnlyList<CellSegment> segments;
    private readonly int linesAbove;

    /// <exception cref="MagicException">A magic's line in it does not fit.</exception>
    public MeteredCell(MagicRegistry registry, INotebook notebook, CellBody body)
    {
        this.registry = registry;
        this.notebook = notebook;
        linesAbove = body.FirstLine - 1;
        segments = CellSplitter.Split(body.Text, registry);
        registry.Check(segments);
        values = notebook.Variables.ToDictionary(variable => variable.Name, variable => variable.Value);
    }

    /// <exception cref="MagicException">A magic of it cannot do what it was asked.</exception>
    /// <exception cref="CodeException">Code of it does not compile.</exception>
    public async Task RunAsync(ICellMeter meter)
    {
        foreach (var segment in segments)
        {
            CellResult.Show(notebook, await RunAsync(segment, meter));
        }
    }

    private async Task<object?> RunAsync(CellSegment segment, ICellMeter meter)
    {
        meter.Resume();
        try
        {
            if (segment is MagicSegment magic)
            {
                var inner = magic.Body is { } body ? magic with { Body = body with { FirstLine = body.FirstLine + linesAbove } } : magic;
                await registry.RunAsync(inner, notebook);
                return null;
            }

            var code = (CodeSegment)segment;
            var value = await notebook.EvaluateAsync(code.Code, code.CodeLine + linesAbove);
            Realization.Realize(value);
            RealizeAssigned();
            return value;
        }
        finally
        {
            meter.Pause();
        }
    }

    /// <summary>What is only promised by the code's end would be computed, and paid for, by whoever reads it first.</summary>
    private void RealizeAssigned()
    {
        foreach (var variable in notebook.Variables)
        {
            if (!values.TryGetValue(variable.Name, out var value) || !ReferenceEquals(value, variable.Value))
            {
                values[variable.Name] = variable.Value;
                Realization.Realize(variable.Value);
            }
        }

        Device.Default.Synchronize();
    }
}
