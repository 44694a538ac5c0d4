using TensorCell.Interactive.Benchmarks;
using TensorCell.Interactive.Python;

namespace TensorCell.Interactive.Magics;

/// <summary><c>#!compare</c>.</summary>
[Magic(
    "compare",
    "Runs the sections below it, and earlier benches, in turns, and shows how many times as fast each is as the first",
    Extent = BodyExtent.Sections,
    Remark = PythonAllocator.Remark,
    Examples = ["#!compare --baseline numpy", "//% tensorcell", "(x * x + 1f).Sum()", "#!python numpy", "(x * x + 1).sum()"])]
public sealed class CompareMagic : BodyMagic
{
    /// <summary>Earlier benches.</summary>
    [Argument("NAME", "earlier benches to run again, in turns with the sections")]
    public IReadOnlyList<string> Benches { get; set; } = [];

    /// <summary>The side to compare with.</summary>
    [Option("the side that the others are compared with; the first unless given", ValueName = "A")]
    public string Baseline { get; set; } = "";

    /// <summary>What it is called.</summary>
    [Option("what it is called; later cells find the result in a variable of this name", ValueName = "N")]
    public string Name { get; set; } = "comparison";

    /// <summary>How many samples of each side.</summary>
    [Option("how many samples to take of each side; as many as a second a side holds, 10 to 100, unless given", ValueName = "R")]
    public int? Runs { get; set; }

    /// <summary>How many runs of each side before the first sample.</summary>
    [Option("how many runs of each side to make first; until the times are stable unless given", ValueName = "W")]
    public int? Warmup { get; set; }

    /// <summary>Floating-point operations of one run.</summary>
    [Option("floating-point operations of one run of any side, as a number or C#", ValueName = "F")]
    public string Flops { get; set; } = "";

    /// <summary>Bytes of one run.</summary>
    [Option("bytes one run of any side reads and writes, as a number or C#", ValueName = "B")]
    public string Bytes { get; set; } = "";

    /// <inheritdoc/>
    public override IEnumerable<string> Suggest(string property, INotebook? notebook) =>
        property is nameof(Benches) or nameof(Baseline) ? EarlierBenches(notebook).Select(bench => bench.Name) : [];

    /// <inheritdoc/>
    public override async Task RunAsync(INotebook notebook, CellBody body)
    {
        SamplingOptions.Check("#!compare", Runs, Warmup);
        VariableName.Check(Name, "#!compare", "compare");
        var cell = CellSections.Parse(body, Registry);
        List<CellSection> sections = [.. Benches.Select(name => Earlier(notebook, name)), .. cell.Sections];
        Check(sections);
        if (cell.Setup is { } setup)
        {
            await notebook.EvaluateAsync(setup.Text, setup.FirstLine);
        }

        var work = await GivenWork.ReadAsync(notebook, "#!compare", Flops, Bytes);
        var notes = new List<string>();
        var display = new ProgressDisplay(notebook, Name);
        await LeaveOutWithoutPythonAsync(sections, notebook, notes, display);
        var run = new MeasurementRun(notebook, display, SamplingOptions.Plan(Runs, Warmup));
        await run.MeasureAsync(sections.Select(section => (Func<Task<ISubject>>)(() => section.CreateSubjectAsync(notebook))), (sampler, samples) =>
        {
            NoteLeftOut(sampler.LeftOut.Select(side => side.Name), samples[0].Subject.Name, string.Join("; ", sampler.LeftOut.Select(side => side.Reason).Distinct()), notes);
            List<Benchmark> sides = [.. samples.Select(side => BenchmarkReport.Of(side, work, sampler.IsInterrupted, isAlone: false))];
            var baseline = sides.Any(side => side.Name == Baseline) ? Baseline : sides[0].Name;
            notes.AddRange(sides.SelectMany(side => side.Notes.Select(note => $"{side.Name}: {note}")));
            var comparison = BenchmarkReport.Of(sides, baseline, notes, sampler.IsInterrupted);
            notebook.SetVariable(Name, comparison, typeof(Comparison));
            return comparison;
        });
    }

    private void Check(List<CellSection> sections)
    {
        if (sections.Count < 2)
        {
            var found = sections.Count == 0 ? "nothing" : $"only {sections[0].Name}";
            Throw.Magic(
                $"#!compare: there is {found} to compare; write two sections, each below a line //% name or #!python name, "
                + "or name earlier benches: #!compare first second");
        }

        if (sections.GroupBy(section => section.Name).FirstOrDefault(group => group.Count() > 1) is { } twice)
        {
            Throw.Magic($"#!compare: two sides are called {twice.Key}; give each its own name");
        }

        if (Baseline.Length > 0 && sections.All(section => section.Name != Baseline))
        {
            Throw.Magic(
                $"#!compare --baseline {Baseline}: there is no side {Baseline}; the sides are {string.Join(", ", sections.Select(section => section.Name))}");
        }
    }

    private async Task LeaveOutWithoutPythonAsync(
        List<CellSection> sections, INotebook notebook, List<string> notes, ProgressDisplay display)
    {
        List<CellSection> inPython = [.. sections.Where(section => section.Language == "python")];
        if (inPython.Count == 0)
        {
            return;
        }

        try
        {
            await PythonProcess.OfAsync(notebook);
        }
        catch (PythonMissingException exception)
        {
            sections.RemoveAll(inPython.Contains);
            if (sections.Count == 0)
            {
                display.Fail($"left out {string.Join(" and ", inPython.Select(section => section.Name))}");
                Throw.Magic($"#!compare: every side is in Python; {exception.Message}", exception);
            }

            NoteLeftOut(inPython.Select(section => section.Name), sections[0].Name, exception.Message, notes);
        }
    }

    private void NoteLeftOut(IEnumerable<string> sides, string first, string reason, List<string> notes)
    {
        List<string> names = [.. sides];
        if (names.Count > 0)
        {
            notes.Add($"left out {string.Join(" and ", names)}: {reason}");
        }

        if (names.Contains(Baseline))
        {
            notes.Add($"{Baseline} was to be the baseline; {first} is instead");
        }
    }

    private static CellSection Earlier(INotebook notebook, string name)
    {
        var benches = EarlierBenches(notebook).ToList();
        if (benches.LastOrDefault(bench => bench.Name == name).Benchmark is not { } found)
        {
            var known = benches.Select(bench => bench.Name).Distinct().ToList();
            var nearest = EditDistance.Nearest(name, known);
            Throw.Magic(
                $"#!compare {name}: no bench of this notebook is called {name}; "
                + (nearest is not null ? $"did you mean {nearest}?"
                    : known.Count > 0 ? $"there are {string.Join(", ", known)}"
                    : $"make one with #!bench --name {name}"));
            return null;
        }

        return new(name, found.Language == "Python" ? "python" : "csharp", new CellBody(found.Code, 1), []);
    }

    private static IEnumerable<(string Name, Benchmark Benchmark)> EarlierBenches(INotebook? notebook) =>
        notebook is null ? [] : notebook.Variables.SelectMany(variable => variable.Value switch
        {
            Benchmark benchmark => [(variable.Name, benchmark)],
            Comparison comparison => comparison.Sides.Select(side => (side.Name, side)),
            _ => Enumerable.Empty<(string, Benchmark)>(),
        });
}
