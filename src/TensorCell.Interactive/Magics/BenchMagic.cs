using TensorCell.Interactive.Benchmarks;

namespace TensorCell.Interactive.Magics;

/// <summary><c>#!bench</c>.</summary>
[Magic(
    "bench",
    "Times the code below it honestly: warmed up, results computed, many samples, garbage collections counted",
    Extent = BodyExtent.SectionInLanguage,
    Aliases = ["benchmark"],
    Examples = ["#!bench --name product --flops \"2.0 * n * n * n\"", "a.MatMul(b)"])]
public sealed class BenchMagic : BodyMagic
{
    /// <summary>What it is called.</summary>
    [Option("what it is called; later cells find the result in a variable of this name", ValueName = "N")]
    public string Name { get; set; } = "bench";

    /// <summary>How many samples.</summary>
    [Option("how many samples to take; as many as a second holds, 10 to 100, unless given", ValueName = "R")]
    public int? Runs { get; set; }

    /// <summary>How many runs before the first sample.</summary>
    [Option("how many runs to make first; until the times are stable unless given", ValueName = "W")]
    public int? Warmup { get; set; }

    /// <summary>Floating-point operations of one run.</summary>
    [Option("floating-point operations of one run, as a number or C#; the engine's own count unless given", ValueName = "F")]
    public string Flops { get; set; } = "";

    /// <summary>Bytes of one run.</summary>
    [Option("bytes one run reads and writes, as a number or C#; the engine's own count unless given", ValueName = "B")]
    public string Bytes { get; set; } = "";

    /// <inheritdoc/>
    public override async Task RunAsync(INotebook notebook, CellBody body)
    {
        SamplingOptions.Check("#!bench", Runs, Warmup);
        VariableName.Check(Name, "#!bench", "bench");
        if (string.IsNullOrWhiteSpace(body.Text))
        {
            Throw.Magic("#!bench: there is no code below it to time; write the code on the lines that follow");
        }

        var work = await GivenWork.ReadAsync(notebook, "#!bench", Flops, Bytes);
        var section = CellSections.OfLanguage(body, Name, Registry);
        var display = new ProgressDisplay(notebook, Name);
        var run = new MeasurementRun(notebook, display, SamplingOptions.Plan(Runs, Warmup));
        await run.MeasureAsync([() => section.CreateSubjectAsync(notebook)], (sampler, samples) =>
        {
            var benchmark = BenchmarkReport.Of(samples[0], work, sampler.IsInterrupted);
            notebook.SetVariable(Name, benchmark, typeof(Benchmark));
            return benchmark;
        });
    }
}
