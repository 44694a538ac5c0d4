using System.Diagnostics.CodeAnalysis;
using System.Reflection;

namespace TensorCell.Interactive.Magics;

/// <summary>The magics a notebook knows, by name.</summary>
public sealed class MagicRegistry
{
    private readonly Dictionary<string, MagicDeclaration> byName = new(StringComparer.Ordinal);
    private readonly List<MagicDeclaration> declarations = [];

    /// <summary>The magics of this package; hosts may add their own.</summary>
    public static MagicRegistry Default { get; } = CreateDefault();

    /// <summary>The magics, by name in alphabetical order.</summary>
    public IReadOnlyList<MagicDeclaration> Declarations
    {
        get
        {
            lock (byName)
            {
                return [.. declarations.OrderBy(declaration => declaration.Name, StringComparer.Ordinal)];
            }
        }
    }

    /// <summary>Adds a magic, in place of one of the same name.</summary>
    public void Add<T>()
        where T : Magic, new() => Add(MagicDeclaration.Of<T>());

    /// <summary>Adds a magic, in place of one of the same name.</summary>
    public void Add(MagicDeclaration declaration)
    {
        lock (byName)
        {
            declarations.RemoveAll(known => known.Name == declaration.Name);
            declarations.Add(declaration);
            foreach (var name in declaration.Aliases.Prepend(declaration.Name))
            {
                byName[name] = declaration;
            }
        }
    }

    /// <summary>Adds every public magic that an assembly declares, in place of those of the same names.</summary>
    /// <returns>What was added.</returns>
    public IReadOnlyList<MagicDeclaration> AddFrom(Assembly assembly)
    {
        var found = new List<MagicDeclaration>();
        foreach (var type in assembly.GetExportedTypes().OrderBy(type => type.FullName, StringComparer.Ordinal))
        {
            if (type is { IsAbstract: false, IsGenericTypeDefinition: false }
                && type.IsSubclassOf(typeof(Magic))
                && type.IsDefined(typeof(MagicAttribute), inherit: false)
                && type.GetConstructor(Type.EmptyTypes) is not null)
            {
                found.Add(MagicDeclaration.Of(type, () => (Magic)Activator.CreateInstance(type)!));
                Add(found[^1]);
            }
        }

        return found;
    }

    /// <summary>The magic of a name or alias.</summary>
    public bool TryFind(string name, [NotNullWhen(true)] out MagicDeclaration? declaration)
    {
        lock (byName)
        {
            return byName.TryGetValue(name, out declaration);
        }
    }

    /// <summary>Throws unless every magic of a cell is known and its line fits; to be asked before anything of the cell runs.</summary>
    /// <exception cref="MagicException">A line does not fit; the message says what would.</exception>
    public void Check(IEnumerable<CellSegment> segments)
    {
        foreach (var segment in segments)
        {
            if (segment is HabitSegment habit)
            {
                Throw.Magic(habit.Advice);
            }

            if (segment is MagicSegment magic && !MagicBinder.AsksForHelp(magic.Arguments))
            {
                MagicBinder.Bind(Known(magic), magic.Arguments, this);
            }
        }
    }

    /// <summary>Runs a magic of a cell in a notebook.</summary>
    /// <exception cref="MagicException">It cannot do what it was asked.</exception>
    /// <exception cref="CodeException">Its body does not compile.</exception>
    public Task RunAsync(MagicSegment segment, INotebook notebook)
    {
        var declaration = Known(segment);
        if (MagicBinder.AsksForHelp(segment.Arguments))
        {
            notebook.Display(MagicHelp.Of(declaration));
            return Task.CompletedTask;
        }

        return MagicBinder.Bind(declaration, segment.Arguments, this) switch
        {
            BodyMagic magic => magic.RunAsync(notebook, segment.Body!),
            LineMagic magic => magic.RunAsync(notebook),
            _ => Task.CompletedTask,
        };
    }

    /// <summary>What could be typed at a place in a cell that is on a magic's line; null when it is not on one.</summary>
    /// <param name="text">The cell.</param>
    /// <param name="cursor">Where the cursor is in it.</param>
    /// <param name="notebook">The notebook, when one is at hand: names of its variables are offered where they fit.</param>
    public MagicCompletions? Complete(string text, int cursor, INotebook? notebook = null) =>
        MagicCompleter.Complete(this, text, cursor, notebook);

    /// <summary>The help of the magic whose line the cursor is on; null when it is not on one.</summary>
    public MimeBundle? Describe(string text, int cursor) => MagicCompleter.Describe(this, text, cursor);

    internal IEnumerable<string> Names
    {
        get
        {
            lock (byName)
            {
                return [.. byName.Keys];
            }
        }
    }

    private static MagicRegistry CreateDefault()
    {
        var registry = new MagicRegistry();
        registry.Add<BenchMagic>();
        registry.Add<CompareMagic>();
        registry.Add<CSharpMagic>();
        registry.Add<CsvMagic>();
        registry.Add<JsonMagic>();
        registry.Add<DeviceMagic>();
        registry.Add<ExplainMagic>();
        registry.Add<HtmlMagic>();
        registry.Add<JavaScriptMagic>();
        registry.Add<JitMagic>();
        registry.Add<ListMagicsMagic>();
        registry.Add<MarkdownMagic>();
        registry.Add<OnnxMagic>();
        registry.Add<ProfileMagic>();
        registry.Add<PythonMagic>();
        registry.Add<TimeMagic>();
        registry.Add<TrainMagic>();
        registry.Add<VariablesMagic>();
        return registry;
    }

    private MagicDeclaration Known(MagicSegment segment)
    {
        if (segment.Declaration is null)
        {
            var nearest = EditDistance.Nearest(segment.Name, Names);
            Throw.Magic(
                $"#!{segment.Name}: there is no magic of this name; "
                + (nearest is null ? "#!lsmagic lists those there are" : $"did you mean #!{nearest}? (#!lsmagic lists all)"));
        }

        return segment.Declaration;
    }
}
