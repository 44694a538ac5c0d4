using TensorCell.Interactive;

namespace TensorCell.Interactive.Tests;

/// <summary>
/// A notebook without a compiler, for the rooms below the host: each piece of C# it can run is given beforehand as a delegate.
/// The magics run end to end in the host's own tests.
/// </summary>
internal sealed class TestNotebook : INotebook
{
    private readonly List<NotebookVariable> variables = [];
    private int muted;

    /// <summary>The C# this notebook understands, without the white space around it.</summary>
    public Dictionary<string, Func<object?>> Code { get; } = new() { [";"] = () => null };

    /// <summary>What is shown, each replaced by its updates.</summary>
    public List<object?> Displays { get; } = [];

    /// <summary>What was written.</summary>
    public string Output { get; private set; } = "";

    /// <summary>The lines that code was said to begin on.</summary>
    public List<int> FirstLines { get; } = [];

    /// <summary>Whether output of the code is being dropped.</summary>
    public bool IsMuted => muted > 0;

    /// <summary>Interrupts.</summary>
    public CancellationTokenSource Interruption { get; } = new();

    public CancellationToken Cancellation => Interruption.Token;

    public IReadOnlyList<NotebookVariable> Variables => variables;

    public object? this[string name] => variables.Last(variable => variable.Name == name).Value;

    public void SetVariable(string name, object? value, Type? declaredType = null)
    {
        variables.RemoveAll(variable => variable.Name == name);
        variables.Add(new(name, declaredType ?? value?.GetType() ?? typeof(object), value));
    }

    public Task<object?> EvaluateAsync(string code, int firstLine = 1)
    {
        FirstLines.Add(firstLine);
        return Task.FromResult(Find(code)());
    }

    public Task<IPreparedCode> PrepareAsync(string code, int firstLine = 1)
    {
        FirstLines.Add(firstLine);
        return Task.FromResult<IPreparedCode>(new Prepared(Find(code)));
    }

    public IDisplayHandle Display(object? value)
    {
        Displays.Add(value);
        return new Handle(this, Displays.Count - 1);
    }

    public void Stream(string name, string text) => Output += text;

    public IDisposable MuteOutput()
    {
        muted++;
        return new Unmute(this);
    }

    public IDisposable DeferInterruption() => new Unmute(new TestNotebook());

    /// <summary>The plain text of the last display.</summary>
    public string LastText => ((MimeBundle)Displays[^1]!).Data["text/plain"];

    private Func<object?> Find(string code) =>
        Code.TryGetValue(code.Trim(), out var run) ? run : throw new CodeException($"no such code: {code}");

    private sealed class Prepared(Func<object?> run) : IPreparedCode
    {
        public IReadOnlyList<string> AssignedVariables => [];

        public ValueTask<object?> RunAsync() => ValueTask.FromResult(run());

        public object? GetVariable(string name) => null;

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }

    private sealed class Handle(TestNotebook notebook, int index) : IDisplayHandle
    {
        public void Update(object? value) => notebook.Displays[index] = value;
    }

    private sealed class Unmute(TestNotebook notebook) : IDisposable
    {
        public void Dispose() => notebook.muted--;
    }
}
