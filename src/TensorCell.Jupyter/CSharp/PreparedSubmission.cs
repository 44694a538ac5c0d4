using TensorCell.Interactive;

namespace TensorCell.Jupyter.CSharp;

/// <summary>A cell compiled once, to be run many times over the session as it was when it was prepared.</summary>
internal sealed class PreparedSubmission : IPreparedCode
{
    private readonly CSharpSession session;
    private readonly object?[] before;
    private readonly object?[] states;
    private readonly Func<object?[], Task<object?>>? factory;

    internal PreparedSubmission(CSharpSession session, Submission submission, object?[] before)
    {
        this.session = session;
        this.before = before;
        Submission = submission;
        factory = submission.Factory;
        states = [.. before, null];
        AssignedVariables = CSharp.AssignedVariables.Of(submission);
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> AssignedVariables { get; }

    /// <summary>What was compiled.</summary>
    internal Submission Submission { get; }

    /// <inheritdoc/>
    public ValueTask<object?> RunAsync() => factory is null ? default : new ValueTask<object?>(factory(states));

    /// <inheritdoc/>
    public object? GetVariable(string name) =>
        (states[^1] is { } state ? SessionVariable.Find(state, name) : null) is { } own ? own.Value : session.Find(name)?.Value;

    /// <summary>Lets the last run's variables join the session.</summary>
    public async ValueTask DisposeAsync()
    {
        if (states[^1] is not { } state || session.TryJoin(this, before, states))
        {
            return;
        }

        foreach (SessionVariable variable in SessionVariable.Of(state))
        {
            await session.SetAsync(variable.Name, variable.Value, variable.Type);
        }
    }
}
