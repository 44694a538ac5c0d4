namespace TensorCell.Interactive.Hosting;

/// <summary>
/// A notebook of a host that keeps its C# session as a chain of states, as Roslyn's scripting does. The host says how code is compiled and run
/// over a state, and how values are shown; the rest of <see cref="INotebook"/> follows from that. One is made for each session.
/// </summary>
public abstract class HostNotebook : INotebook
{
    /// <inheritdoc/>
    public abstract CancellationToken Cancellation { get; }

    /// <inheritdoc/>
    public IReadOnlyList<NotebookVariable> Variables => Latest(VariablesOf(State));

    /// <summary>What the code that ran last left.</summary>
    protected abstract object State { get; set; }

    /// <inheritdoc/>
    public void SetVariable(string name, object? value, Type? declaredType = null) =>
        Declare(name, declaredType ?? value?.GetType() ?? typeof(object), value);

    /// <inheritdoc/>
    public async Task<object?> EvaluateAsync(string code, int firstLine = 1)
    {
        var script = await CompileAsync(code, firstLine);
        State = await RunAsync(script, State);
        return ValueOf(State);
    }

    /// <inheritdoc/>
    public async Task<IPreparedCode> PrepareAsync(string code, int firstLine = 1)
    {
        var script = await CompileAsync(code, firstLine);
        return new PreparedCode(this, script, AssignedNames.In(code));
    }

    /// <inheritdoc/>
    public IDisplayHandle Display(object? value)
    {
        var (shown, mimeTypes) = ToShow(value);
        return new Handle(Show(shown, mimeTypes));
    }

    /// <inheritdoc/>
    public void Stream(string name, string text) => (name == "stderr" ? Console.Error : Console.Out).Write(text);

    /// <summary>Drops what the session's code prints; what it displays the host shows all the same.</summary>
    public IDisposable MuteOutput() => new ConsoleMuting();

    /// <inheritdoc/>
    public IDisposable DeferInterruption() => new Nothing();

    /// <summary>Compiles C# to follow a state.</summary>
    /// <returns>What <see cref="RunAsync"/> runs.</returns>
    /// <exception cref="CodeException">It does not compile.</exception>
    protected abstract object Compile(string code, object state);

    /// <summary>Brings the state up to date with what the host has been asked to reference since.</summary>
    protected abstract Task RefreshAsync();

    /// <summary>Runs what was compiled over the state that it was compiled to follow.</summary>
    /// <returns>The state that it left.</returns>
    protected abstract Task<object> RunAsync(object script, object state);

    /// <summary>The value of the last expression of the code that left a state.</summary>
    protected abstract object? ValueOf(object state);

    /// <summary>The variables of a state, oldest declaration first.</summary>
    protected abstract IEnumerable<NotebookVariable> VariablesOf(object state);

    /// <summary>The value of the latest variable of a name; null where there is none.</summary>
    protected abstract object? ValueOf(object state, string name);

    /// <summary>Declares a variable that later cells see under its name.</summary>
    protected abstract void Declare(string name, Type type, object? value);

    /// <summary>Shows a value through the formatters.</summary>
    /// <param name="value">The value.</param>
    /// <param name="mimeTypes">The types to show it as; none for those its formatters prefer.</param>
    /// <returns>Shows another value in its place.</returns>
    protected abstract Action<object?> Show(object? value, string[] mimeTypes);

    private static IReadOnlyList<NotebookVariable> Latest(IEnumerable<NotebookVariable> variables)
    {
        var latest = new Dictionary<string, NotebookVariable>();
        foreach (var variable in variables)
        {
            latest.Remove(variable.Name);
            latest.Add(variable.Name, variable);
        }

        return [.. latest.Values];
    }

    /// <summary>What the host's formatters are given for a value of this library's own.</summary>
    private static (object? Value, string[] MimeTypes) ToShow(object? value)
    {
        if (value is not (MimeBundle or RichContent))
        {
            return (value, []);
        }

        var bundle = MimeBundles.Of(value);
        TensorCellFormatters.RegisterBundle(bundle.Data.Keys);
        return (bundle, [.. bundle.Data.Keys]);
    }

    private async Task<object> CompileAsync(string code, int firstLine)
    {
        var placed = new string('\n', firstLine - 1) + code;
        try
        {
            return Compile(placed, State);
        }
        catch (CodeException)
        {
            await RefreshAsync();
            return Compile(placed, State);
        }
    }

    private sealed class PreparedCode(HostNotebook notebook, object script, IReadOnlyList<string> assigned) : IPreparedCode
    {
        private readonly object before = notebook.State;
        private object? after;

        public IReadOnlyList<string> AssignedVariables => assigned;

        public async ValueTask<object?> RunAsync()
        {
            after = await notebook.RunAsync(script, before);
            return notebook.ValueOf(after);
        }

        public object? GetVariable(string name) => notebook.ValueOf(after ?? before, name);

        public ValueTask DisposeAsync()
        {
            if (after is null)
            {
                return ValueTask.CompletedTask;
            }

            if (ReferenceEquals(notebook.State, before))
            {
                notebook.State = after;
                return ValueTask.CompletedTask;
            }

            foreach (var variable in Latest(notebook.VariablesOf(after)).Where(variable => assigned.Contains(variable.Name)))
            {
                notebook.Declare(variable.Name, variable.Type, variable.Value);
            }

            return ValueTask.CompletedTask;
        }
    }

    private sealed class Handle(Action<object?> update) : IDisplayHandle
    {
        public void Update(object? value) => update(ToShow(value).Value);
    }

    private sealed class Nothing : IDisposable
    {
        public void Dispose()
        {
        }
    }
}
