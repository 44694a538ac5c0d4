using TensorCell.Inference;
using TensorCell.Interactive.Benchmarks;
using TensorCell.Interactive.Formatting;
using TensorCell.Interactive.Onnx;
using TensorCell.Tensors;

namespace TensorCell.Interactive.Magics;

/// <summary><c>#!onnx</c>.</summary>
[Magic(
    "onnx",
    "Loads an ONNX model, shows what it is, and runs and times it",
    Examples = ["#!onnx classifier.onnx --name classifier", "#!onnx classifier.onnx --run --dim N=32 --threads 1 --threads 2", "#!onnx classifier.onnx --input x=images"])]
public sealed class OnnxMagic : LineMagic
{
    /// <summary>The file to load.</summary>
    [Argument("FILE", "the model to load, from the notebook's folder", IsRequired = true)]
    public string File { get; set; } = "";

    /// <summary>The variable that the model becomes.</summary>
    [Option("the variable that the loaded model becomes; without, it is let go again", ValueName = "VARIABLE")]
    public string Name { get; set; } = "";

    /// <summary>Whether to run it.</summary>
    [Option("runs and times the model, on random inputs where none are given; --input, --dim, --runs and --warmup run it too")]
    public bool Run { get; set; }

    /// <summary>Variables to run it on.</summary>
    [Option("a tensor variable to run the model on, as input=variable, or variable for the first input; may be given repeatedly", ValueName = "INPUT=VARIABLE")]
    public IReadOnlyList<string> Input { get; set; } = [];

    /// <summary>Lengths of open axes.</summary>
    [Option("the length of an open axis of random inputs (default: 1); may be given repeatedly", ValueName = "SYMBOL=LENGTH")]
    public IReadOnlyList<string> Dim { get; set; } = [];

    /// <summary>How many samples.</summary>
    [Option("how many samples to take; as many as a second holds, 10 to 100, unless given", ValueName = "R")]
    public int? Runs { get; set; }

    /// <summary>How many runs come before the first sample.</summary>
    [Option("how many runs come before the first sample; until they take the same time, unless given", ValueName = "W")]
    public int? Warmup { get; set; }

    /// <summary>Threads of a run.</summary>
    [Option("threads that share the work of a node (default: all); given repeatedly, each is timed in turns with the others", ValueName = "T")]
    public IReadOnlyList<int> Threads { get; set; } = [];

    /// <summary>What to run on.</summary>
    [Option("what to run on (default: CPU); given repeatedly, each is timed in turns with the others", ValueName = "P")]
    public IReadOnlyList<string> Provider { get; set; } = [];

    /// <inheritdoc/>
    public override IEnumerable<string> Suggest(string property, INotebook? notebook) => property switch
    {
        nameof(File) => NotebookFiles.Ending(".onnx"),
        nameof(Input) => (notebook?.Variables ?? []).Where(variable => variable.Value is Tensor).Select(variable => variable.Name),
        nameof(Provider) => OnnxRuntime.IsAvailable ? OnnxRuntime.Providers : [],
        _ => [],
    };

    /// <inheritdoc/>
    public override async Task RunAsync(INotebook notebook)
    {
        SamplingOptions.Check("#!onnx", Runs, Warmup);
        if (Name.Length > 0)
        {
            VariableName.Check(Name, "#!onnx", "model");
        }

        var models = new List<(string Name, OnnxModel Model)>();
        var isKept = false;
        try
        {
            foreach (var (name, options) in Variants())
            {
                models.Add((name, await LoadAsync(notebook, options, isFirst: models.Count == 0)));
            }

            if (Name.Length > 0)
            {
                notebook.SetVariable(Name, models[0].Model, typeof(OnnxModel));
                isKept = true;
            }

            if (Run || Input.Count > 0 || Dim.Count > 0 || Runs is not null || Warmup is not null || models.Count > 1)
            {
                await RunAsync(notebook, models);
            }
        }
        catch (OnnxException exception)
        {
            Throw.Magic($"#!{exception.Message}", exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            Throw.Magic($"#!onnx: {exception.Message}", exception);
        }
        finally
        {
            foreach (var (_, model) in models.Skip(isKept ? 1 : 0))
            {
                model.Dispose();
            }
        }
    }

    /// <summary>Each combination of providers and threads, with what tells it from the others.</summary>
    private IEnumerable<(string Name, OnnxOptions Options)> Variants()
    {
        IReadOnlyList<string> providers = Provider.Count == 0 ? ["CPU"] : Provider;
        IReadOnlyList<int> threads = Threads.Count == 0 ? [0] : Threads;
        foreach (var provider in providers)
        {
            foreach (var count in threads)
            {
                if (count < 0 || (count == 0 && Threads.Count > 0))
                {
                    Throw.Magic($"#!onnx --threads {count}: expected 1 or more");
                }

                string[] parts =
                [
                    .. providers.Count > 1 ? [provider] : Array.Empty<string>(),
                    .. threads.Count > 1 ? [$"{count} thread{(count == 1 ? "" : "s")}"] : Array.Empty<string>(),
                ];
                yield return (parts.Length == 0 ? Path.GetFileName(File) : string.Join(", ", parts), new OnnxOptions { Providers = [provider], Threads = count });
            }
        }
    }

    private async Task<OnnxModel> LoadAsync(INotebook notebook, OnnxOptions options, bool isFirst)
    {
        var handle = isFirst ? notebook.Display(MimeBundle.PlainText($"{File}: loading")) : null;
        var loading = Task.Run(() => OnnxModel.Load(File, options));
        try
        {
            var model = await loading.WaitAsync(notebook.Cancellation);
            notebook.Cancellation.ThrowIfCancellationRequested();
            handle?.Update(model);
            return model;
        }
        catch (OperationCanceledException)
        {
            // What is loading cannot be stopped; it is let go when it is there.
            _ = loading.ContinueWith(done => done.Result.Dispose(), TaskContinuationOptions.OnlyOnRanToCompletion);
            handle?.Update(MimeBundle.PlainText($"{File}: interrupted while it was loading"));
            throw;
        }
        catch
        {
            handle?.Update(MimeBundle.PlainText($"{File}: not loaded"));
            throw;
        }
    }

    private async Task RunAsync(INotebook notebook, IReadOnlyList<(string Name, OnnxModel Model)> models)
    {
        var inputs = OnnxInputs.Collect(models[0].Model, Input, Dim, notebook);
        var outputs = await Task.Run(() => models[0].Model.Run(inputs.Tensors));
        notebook.Display(Outputs(inputs, outputs));
        var run = new MeasurementRun(notebook, new ProgressDisplay(notebook, Path.GetFileName(File)), SamplingOptions.Plan(Runs, Warmup));
        await run.MeasureAsync(
            models.Select(side => (Func<Task<ISubject>>)(() => Task.FromResult<ISubject>(new OnnxSubject(side.Name, side.Model, inputs.Tensors)))),
            (sampler, samples) =>
            {
                var work = default(GivenWork);
                Benchmark[] sides = [.. samples.Select(side => BenchmarkReport.Of(side, work, sampler.IsInterrupted, isAlone: samples.Count == 1))];
                return sides.Length == 1
                    ? sides[0]
                    : BenchmarkReport.Of(sides, sides[0].Name, sides.SelectMany(side => side.Notes.Select(note => $"{side.Name}: {note}")), sampler.IsInterrupted);
            });
    }

    private static MimeBundle Outputs(OnnxInputs inputs, IReadOnlyDictionary<string, Tensor> outputs)
    {
        var html = Html.Output(
            Html.Heading("Outputs"),
            string.Concat(inputs.Notes.Select(Html.Note)),
            string.Concat(outputs.Select(output => Html.Card(Html.Heading(output.Key), TensorHtml.Write(output.Value)))));
        var text = string.Join('\n', [.. inputs.Notes, .. outputs.Select(output => $"{output.Key} = {output.Value}")]);
        return MimeBundle.Html(html, text);
    }
}
