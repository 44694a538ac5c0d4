using TensorCell.Interactive.Benchmarks;
using TensorCell.Interactive.Formatting;

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
        var cell = new MeteredCell(Registry, notebook, body);
        using var meter = new CellMeter();
        try
        {
            await cell.RunAsync(meter);
        }
        finally
        {
            var time = meter.Total.ToString();
            notebook.Display(MimeBundle.Html(Html.Output(Html.Note(time)), time));
        }
    }
}
