using TensorCell.Interactive.Benchmarks;
using TensorCell.Interactive.Magics;

namespace TensorCell.Interactive.Python;

/// <summary>Python code, compiled once by the notebook's Python.</summary>
internal sealed class PythonSubject : ISubject
{
    private const string EmptyKey = "";
    private static long lastKey;

    private readonly INotebook notebook;
    private readonly PythonProcess python;
    private readonly string key;
    private bool hasRun;

    private PythonSubject(string name, string code, INotebook notebook, PythonProcess python, string key)
    {
        Name = name;
        Code = code;
        this.notebook = notebook;
        this.python = python;
        this.key = key;
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public string Language => "Python";

    /// <inheritdoc/>
    public string Code { get; }

    /// <inheritdoc/>
    public string? NoteOnResult => null;

    /// <exception cref="PythonMissingException">No Python can be run.</exception>
    /// <exception cref="PythonException">The code does not compile.</exception>
    public static async Task<PythonSubject> CreateAsync(string name, CellBody body, IReadOnlyList<string> shared, INotebook notebook)
    {
        using var deferral = notebook.DeferInterruption();
        var python = await PythonProcess.OfAsync(notebook);
        var key = Interlocked.Increment(ref lastKey).ToString(System.Globalization.CultureInfo.InvariantCulture);
        await PythonSharing.ShareAsync(python, notebook, body.Text, shared);
        await python.PrepareAsync(EmptyKey, "pass", 1, notebook.Cancellation);
        await python.PrepareAsync(key, body.Text, body.FirstLine, notebook.Cancellation);
        return new(name, body.Text, notebook, python, key);
    }

    /// <inheritdoc/>
    public async ValueTask<RunTiming> RunAsync(long repetitions)
    {
        Action<string, string>? output = hasRun ? null : notebook.Stream;
        hasRun = true;
        return await TimeAsync(key, repetitions, output);
    }

    /// <inheritdoc/>
    public ValueTask<RunTiming> RunEmptyAsync(long repetitions) => TimeAsync(EmptyKey, repetitions, null);

    /// <inheritdoc/>
    public ValueTask<TracedWork> TraceAsync() => default;

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private async ValueTask<RunTiming> TimeAsync(string code, long repetitions, Action<string, string>? output)
    {
        using (notebook.DeferInterruption())
        {
            return new(await python.TimeAsync(code, repetitions, output, notebook.Cancellation), null, default);
        }
    }
}
