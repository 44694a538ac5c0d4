using TensorCell.Interactive.Benchmarks;
using TensorCell.Interactive.Formatting;
using TensorCell.Kernels;

namespace TensorCell.Interactive.Magics;

/// <summary><c>#!time</c>.</summary>
[Magic(
    "time",
    "Runs the cell below it once and shows the time by the clock and of the processor, the allocations and garbage collections",
    Extent = BodyExtent.Cell)]
public sealed class TimeMagic : BodyMagic
{
    /// <inheritdoc/>
    public override async Task RunAsync(INotebook notebook, CellBody body)
    {
        var segments = CellSplitter.Split(body.Text, Registry);
        Registry.Check(segments);
        using var meter = new CellMeter();
        var values = notebook.Variables.ToDictionary(variable => variable.Name, variable => variable.Value);
        try
        {
            foreach (var segment in segments)
            {
                var value = await RunAsync(segment, notebook, body.FirstLine - 1, meter, values);
                if (value is not null)
                {
                    notebook.Display(value);
                }
            }
        }
        finally
        {
            var time = meter.Total.ToString();
            notebook.Display(MimeBundle.Html(Html.Output(Html.Note(time)), time));
        }
    }

    private async Task<object?> RunAsync(
        CellSegment segment, INotebook notebook, int linesAbove, CellMeter meter, Dictionary<string, object?> values)
    {
        meter.Resume();
        try
        {
            if (segment is MagicSegment magic)
            {
                var inner = magic.Body is { } body ? magic with { Body = body with { FirstLine = body.FirstLine + linesAbove } } : magic;
                await Registry.RunAsync(inner, notebook);
                return null;
            }

            var code = (CodeSegment)segment;
            var value = await notebook.EvaluateAsync(code.Code, code.CodeLine + linesAbove);
            Realization.Realize(value);
            RealizeAssigned(notebook, values);
            return value;
        }
        finally
        {
            meter.Pause();
        }
    }

    /// <summary>What is only promised by the code's end would be computed, and paid for, by whoever reads it first.</summary>
    private static void RealizeAssigned(INotebook notebook, Dictionary<string, object?> values)
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
