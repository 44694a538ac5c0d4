using TensorCell.Interactive.Benchmarks;
using TensorCell.Interactive.Profiling;
using TensorCell.Kernels;

namespace TensorCell.Interactive.Magics;

/// <summary><c>#!profile</c>.</summary>
[Magic(
    "profile",
    "Runs the cell below it once and shows every kernel, compilation, copy and parse: when, for how long, and how near the device's limits",
    Extent = BodyExtent.Cell,
    Examples = ["#!profile --name step", "(x.MatMul(w) + b).Relu().Sum()"])]
public sealed class ProfileMagic : BodyMagic
{
    /// <summary>The variable that the profile becomes.</summary>
    [Option("the variable that the profile becomes: its Events, its Work by kind and name", ValueName = "N")]
    public string Name { get; set; } = "profile";

    /// <inheritdoc/>
    public override async Task RunAsync(INotebook notebook, CellBody body)
    {
        VariableName.Check(Name, "#!profile", "profile");
        if (string.IsNullOrWhiteSpace(body.Text))
        {
            Throw.Magic("#!profile: there is no code below it to run; write the code on the lines that follow");
        }

        var cell = new MeteredCell(Registry, notebook, body);
        var recorder = new WorkRecorder();
        try
        {
            using (Tracing.Listen(recorder.Add))
            {
                await cell.RunAsync(recorder);
            }
        }
        catch (Exception)
        {
            if (!recorder.IsEmpty)
            {
                using (notebook.DeferInterruption())
                {
                    Show(notebook, recorder, notebook.Cancellation.IsCancellationRequested
                        ? "interrupted; this is what ran until then"
                        : "the cell failed; this is what ran until then");
                }
            }

            throw;
        }

        Show(notebook, recorder, null);
    }

    private void Show(INotebook notebook, WorkRecorder recorder, string? note)
    {
        var profile = recorder.Profile(Name);
        var limits = new Dictionary<string, DeviceLimits>();
        foreach (var name in profile.Work.Select(work => work.Device).Distinct())
        {
            if (Device.All.FirstOrDefault(device => string.Equals(device.Name, name, StringComparison.OrdinalIgnoreCase)) is { } device
                && LimitsOf(device) is { } measured)
            {
                limits.Add(name, measured);
            }
        }

        profile = profile with { Limits = limits, Notes = [.. note is null ? Array.Empty<string>() : [note], .. Notes(profile)] };
        notebook.SetVariable(Name, profile, typeof(CellProfile));
        notebook.Display(profile);
    }

    // Measured at the first use, which an interruption of the cell breaks off like all of the engine's work.
    private static DeviceLimits? LimitsOf(Device device)
    {
        try
        {
            return device.Limits;
        }
        catch (Exception exception) when (exception is OperationCanceledException or ThreadInterruptedException)
        {
            return null;
        }
    }

    private static IEnumerable<string> Notes(CellProfile profile)
    {
        if (profile.Work.Count == 0)
        {
            yield return "the engine did nothing in this cell: it uses no tensor, kernel or table, or only such as were computed before";
        }

        var partly = profile.Kernels.Where(kernel => kernel.FlopsAreLeast).Select(kernel => kernel.Name).Distinct().ToArray();
        if (partly.Length > 0)
        {
            yield return $"{string.Join(", ", partly.Take(3))}{(partly.Length > 3 ? ", …" : "")}: the data decides how often a loop turns; its arithmetic is counted once, and the roofline is drawn without";
        }

        if (profile.Events.Any(piece => piece.Count > 1))
        {
            yield return $"{profile.Count:N0} pieces of work in {profile.Events.Count:N0} spans of the timeline: short neighbours are joined";
        }
    }
}
