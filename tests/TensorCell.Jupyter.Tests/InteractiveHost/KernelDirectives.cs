namespace Microsoft.DotNet.Interactive.Directives;

/// <summary>
/// The types of this folder stand in for those of .NET Interactive, which cannot be restored: the members that extension.dib uses, with the
/// signatures that they have in its last release, and as much behaviour as its tests need.
/// </summary>
public abstract class KernelDirective
{
    private readonly List<KernelDirectiveParameter> parameters = [];

    protected KernelDirective(string name) => Name = name;

    public string Name { get; init; }

    public string? Description { get; set; }

    public ICollection<KernelDirectiveParameter> Parameters => parameters;

    /// <summary>Reads the options on a line as the host does: of an option that is given twice it keeps nothing.</summary>
    /// <exception cref="ArgumentException">The line has an option that was not declared.</exception>
    internal Dictionary<string, object> Bind(string line)
    {
        if (parameters.Count(parameter => parameter.AllowImplicitName) > 1 || parameters.DistinctBy(parameter => parameter.Name).Count() != parameters.Count)
        {
            throw new ArgumentException($"{Name}: two parameters of the same name, or two without one");
        }

        var given = new List<(KernelDirectiveParameter Parameter, object Value)>();
        var words = new Queue<string>(Words(line));
        while (words.TryDequeue(out string? word))
        {
            bool isName = word.StartsWith('-');
            KernelDirectiveParameter parameter = parameters.SingleOrDefault(known => isName ? known.Name == word : known.AllowImplicitName)
                ?? throw new ArgumentException($"Unrecognized parameter name '{word}'");
            if (parameter.Flag)
            {
                given.Add((parameter, true));
            }
            else if (!isName)
            {
                given.Add((parameter, word));
            }
            else if (words.TryPeek(out string? next) && !next.StartsWith("--", StringComparison.Ordinal))
            {
                given.Add((parameter, words.Dequeue()));
            }
        }

        if (given.Where(pair => pair.Parameter.MaxOccurrences == 1).GroupBy(pair => pair.Parameter).Any(group => group.Count() > 1))
        {
            throw new ArgumentException("A maximum of 1 occurrences are allowed");
        }

        var bound = given.GroupBy(pair => pair.Parameter).Where(group => group.Count() == 1).ToDictionary(group => group.Key.Name, group => group.Single().Value);
        foreach (KernelDirectiveParameter flag in parameters.Where(parameter => parameter.Flag))
        {
            bound.TryAdd(flag.Name, false);
        }

        return bound;
    }

    private static IEnumerable<string> Words(string line)
    {
        foreach (string part in line.Split('"').Select((text, index) => index % 2 == 1 ? $"\"{text}\"" : text))
        {
            foreach (string word in part.StartsWith('"') ? [part] : part.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            {
                yield return word;
            }
        }
    }
}

public class KernelActionDirective : KernelDirective
{
    public KernelActionDirective(string name, string? description = null)
        : base(name) => Description = description;

    public Type? KernelCommandType { get; set; }
}

public class KernelSpecifierDirective : KernelDirective
{
    public KernelSpecifierDirective(string name, string kernelName)
        : base(name) => KernelName = kernelName;

    public string KernelName { get; }
}

public class KernelDirectiveParameter
{
    private Func<IEnumerable<string>>? completions;

    public KernelDirectiveParameter(string name, string? description = null)
    {
        Name = name;
        Description = description ?? "";
    }

    public string Name { get; }

    public string Description { get; init; }

    public bool AllowImplicitName { get; init; }

    public int MaxOccurrences { get; init; } = 1;

    public bool Required { get; init; }

    public bool Flag { get; init; }

    public KernelDirectiveParameter AddCompletions(Func<KernelDirectiveCompletionContext, Task> getCompletions) => throw new NotSupportedException();

    public KernelDirectiveParameter AddCompletions(Func<IEnumerable<string>> getCompletions)
    {
        completions = getCompletions;
        return this;
    }

    internal IEnumerable<string> Complete() => completions?.Invoke() ?? [];
}

public class KernelDirectiveCompletionContext;
