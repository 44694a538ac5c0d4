using System.Reflection;
using Microsoft.CodeAnalysis.CSharp;
using TensorCell.Interactive;

namespace TensorCell.Jupyter.CSharp;

/// <summary>
/// A chain of C# cells: each sees the variables, types, methods and usings of those before. One cell runs at a time; one
/// that was abandoned while it ran changes the chain no more.
/// </summary>
internal sealed class CSharpSession
{
    private readonly Lock gate = new();
    private readonly SubmissionCompiler compiler;
    private object?[] states = [null];
    private CSharpCompilation? last;
    private Attempt? running;

    /// <summary>An empty session whose cells see the namespaces and static classes of <paramref name="usings"/>.</summary>
    public CSharpSession(IReadOnlyList<string> usings) => compiler = new SubmissionCompiler(usings);

    /// <summary>Where the session's compiled cells live.</summary>
    public SubmissionLoader Loader => compiler.Loader;

    /// <summary>The last cell of the chain.</summary>
    public CSharpCompilation? Last
    {
        get
        {
            lock (gate)
            {
                return last;
            }
        }
    }

    /// <summary>The session's variables, oldest declaration first; a name declared again hides the earlier one.</summary>
    public IReadOnlyList<SessionVariable> Variables
    {
        get
        {
            var variables = new Dictionary<string, SessionVariable>();
            foreach (object state in Snapshot().OfType<object>())
            {
                foreach (SessionVariable variable in SessionVariable.Of(state))
                {
                    variables.Remove(variable.Name);
                    variables.Add(variable.Name, variable);
                }
            }

            return [.. variables.Values];
        }
    }

    /// <summary>The variable of a name; null when there is none.</summary>
    public SessionVariable? Find(string name) =>
        Snapshot().OfType<object>().Reverse()
            .Select(state => SessionVariable.Find(state, name))
            .FirstOrDefault(variable => variable is not null);

    /// <summary>Compiles a cell to follow those that ran.</summary>
    /// <param name="code">The cell.</param>
    /// <param name="path">What stack traces call it, such as <c>cell 3</c>.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="CodeException">It does not compile.</exception>
    public Submission Compile(string code, string path, CancellationToken cancellation = default) =>
        compiler.Compile(code, path, Last, cancellation);

    /// <summary>Makes assemblies known to the cells that follow.</summary>
    public async Task ReferAsync(IReadOnlyList<string> files)
    {
        if (files.Count > 0)
        {
            await RunAsync(compiler.Refer(files, Last));
        }
    }

    /// <summary>Gets ready for the next cell in the background; to be called when there is nothing more urgent to do.</summary>
    public void Anticipate() => compiler.Anticipate(Last);

    /// <summary>How the next cell would be compiled.</summary>
    public CSharpCompilationOptions NextOptions() => compiler.Options(int.MaxValue, Last is null, allowsUnsafe: true);

    /// <summary>Runs a compiled cell; its variables stay, even those it assigned before it failed.</summary>
    public async Task<object?> RunAsync(Submission submission)
    {
        Attempt attempt;
        lock (gate)
        {
            attempt = new Attempt(submission, [.. states, null]);
            running = attempt;
        }

        try
        {
            return submission.Factory is { } factory ? await factory(attempt.States) : null;
        }
        finally
        {
            End(attempt);
        }
    }

    /// <summary>Goes on without the cell that runs; what it assigned so far stays.</summary>
    public void Abandon()
    {
        if (running is { } attempt)
        {
            End(attempt);
        }
    }

    /// <summary>A compiled cell to be run many times over the session as it is now.</summary>
    public PreparedSubmission Prepare(Submission submission) => new(this, submission, Snapshot());

    /// <summary>Sets a variable, or declares it when there is none of its name that can hold the value.</summary>
    /// <exception cref="ArgumentException">The name is none that C# allows.</exception>
    public async Task SetAsync(string name, object? value, Type? declaredType)
    {
        if (!SyntaxFacts.IsValidIdentifier(name))
        {
            Throw.NoVariableName(name);
        }

        Type type = declaredType ?? value?.GetType() ?? typeof(object);
        if (Find(name) is { } known && (known.Type == type || (declaredType is null && known.Accepts(value))))
        {
            known.Set(value);
            return;
        }

        string typeName = CSharpTypeName.Of(type);
        int ticket = HandOver.Put(value);
        await RunAsync(Compile(
            $"{typeName} @{name} = ({typeName})global::TensorCell.Jupyter.CSharp.HandOver.Take({ticket});", name));
    }

    /// <summary>Lets a prepared submission's last run join the chain, provided that no cell joined since it was prepared.</summary>
    internal bool TryJoin(PreparedSubmission prepared, object?[] before, object?[] after)
    {
        lock (gate)
        {
            if (!ReferenceEquals(states, before))
            {
                return false;
            }

            states = after;
            last = prepared.Submission.Compilation;
            return true;
        }
    }

    private object?[] Snapshot()
    {
        lock (gate)
        {
            return states;
        }
    }

    private void End(Attempt attempt)
    {
        lock (gate)
        {
            if (running != attempt)
            {
                return;
            }

            running = null;
            if (attempt.Submission.Factory is null)
            {
                last = attempt.Submission.Compilation;
            }
            else if (attempt.States[^1] is not null)
            {
                states = attempt.States;
                last = attempt.Submission.Compilation;
            }
        }
    }

    private sealed record Attempt(Submission Submission, object?[] States);
}
