using System.Collections;
using System.Diagnostics;
using TensorCell.Interactive.Magics;
using TensorCell.Kernels;
using TensorCell.Tensors;

namespace TensorCell.Interactive.Benchmarks;

/// <summary>C# of a notebook, compiled once.</summary>
internal sealed class CSharpSubject : ISubject
{
    private readonly INotebook notebook;
    private readonly IPreparedCode prepared;
    private IPreparedCode? empty;
    private readonly RunResults results;
    private string[]? variables;
    private object? result;

    private CSharpSubject(string name, string code, INotebook notebook, IPreparedCode prepared)
    {
        Name = name;
        Code = code;
        this.notebook = notebook;
        this.prepared = prepared;
        results = new RunResults(notebook.Variables);
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public string Language => "C#";

    /// <inheritdoc/>
    public string Code { get; }

    /// <inheritdoc/>
    public string? NoteOnResult => result switch
    {
        Task { IsCompleted: false } => "its value is a task that was not awaited: what it does afterwards is not in the times; await it",
        string or ICollection => null,
        IEnumerable when !Realization.Applies(result) && IsLazySequence(result) =>
            "its value is a sequence that was not enumerated: what computes its elements is not in the times; end with .ToArray()",
        _ => null,
    };

    /// <exception cref="CodeException">The code does not compile.</exception>
    public static async Task<CSharpSubject> CreateAsync(string name, CellBody body, INotebook notebook) =>
        new(name, body.Text, notebook, await notebook.PrepareAsync(body.Text, body.FirstLine));

    /// <inheritdoc/>
    public async ValueTask<RunTiming> RunAsync(long repetitions)
    {
        if (variables is null)
        {
            var timing = await TimeAsync(prepared, repetitions, prepared.AssignedVariables);
            variables = [.. prepared.AssignedVariables.Where(name => Realization.Applies(prepared.GetVariable(name)))];
            return timing;
        }

        using (notebook.MuteOutput())
        {
            return await TimeAsync(prepared, repetitions, variables);
        }
    }

    /// <inheritdoc/>
    public async ValueTask<RunTiming> RunEmptyAsync(long repetitions)
    {
        // A body with a value costs the host a little more than one without.
        empty ??= await notebook.PrepareAsync(result is null ? ";" : "\"\"");
        using (notebook.MuteOutput())
        {
            return await TimeAsync(empty, repetitions, []);
        }
    }

    /// <inheritdoc/>
    public async ValueTask<TracedWork> TraceAsync()
    {
        var work = new WorkListener();
        using (Tracing.Listen(work.Add))
        {
            await RunAsync(1);
        }

        return work.Total(ElementType());
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        // In this order, since the first disposed joins the session at no cost.
        await prepared.DisposeAsync();
        if (empty is not null)
        {
            await empty.DisposeAsync();
        }
    }

    private async ValueTask<RunTiming> TimeAsync(IPreparedCode code, long repetitions, IReadOnlyList<string> assigned)
    {
        var device = Device.Default;
        var collections = Collections.Now;
        var bytes = GC.GetTotalAllocatedBytes(precise: true);
        object? value = null;
        var start = Stopwatch.GetTimestamp();
        for (long repetition = 0; repetition < repetitions; repetition++)
        {
            var run = code.RunAsync();
            value = run.IsCompletedSuccessfully ? run.Result : await run;
            results.Add(value);
            for (var i = 0; i < assigned.Count; i++)
            {
                var variable = code.GetVariable(assigned[i]);
                results.Add(variable);
                Realization.Realize(variable);
            }

            Realization.Realize(value);
            device.Synchronize();
            results.EndRun();
        }

        var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        if (code == prepared)
        {
            result = value;
        }

        return new(seconds, GC.GetTotalAllocatedBytes(precise: true) - bytes, Collections.Now - collections);
    }

    /// <summary>The element type of the tensor that the code makes, to choose between the device's limits.</summary>
    private DType ElementType() =>
        variables!.Select(prepared.GetVariable).Append(result).OfType<Tensor>().LastOrDefault()?.DType ?? DType.Float32;

    private static bool IsLazySequence(object? value) =>
        value?.GetType() is { } type && (type.Namespace == "System.Linq" || type.Name.Contains('<', StringComparison.Ordinal));
}
