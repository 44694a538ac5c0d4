using System.Collections.Immutable;
using System.Reflection;
using System.Reflection.Metadata;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace TensorCell.Jupyter.CSharp;

/// <summary>The assemblies every cell can use: the .NET runtime's own and TensorCell's.</summary>
internal static class PlatformReferences
{
    private static readonly Lazy<CSharpCompilation> platform = new(Bind);
    private static readonly Lazy<HashSet<MetadataReference>> known = new(() => [.. All]);

    /// <summary>Read once per process; given to the first submission of each session.</summary>
    public static ImmutableArray<MetadataReference> All => platform.Value.ExternalReferences;

    /// <summary>The files that the host loads assemblies from.</summary>
    public static IReadOnlyList<string> TrustedFiles { get; } =
        [.. (AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES") as string ?? "")
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries).Distinct()];

    private static readonly Lazy<Dictionary<string, string>> byName = new(() => TrustedFiles
        .GroupBy(file => Path.GetFileNameWithoutExtension(file), StringComparer.OrdinalIgnoreCase)
        .ToDictionary(group => group.Key, group => group.First(), StringComparer.OrdinalIgnoreCase));

    /// <summary>The file that the host loads the assembly of a name from; null when it has none of that name.</summary>
    public static string? FileOf(string name) => byName.Value.GetValueOrDefault(name);

    /// <summary>Whether cells know the assembly of a file without asking for it.</summary>
    public static bool Has(string file) => All.OfType<PortableExecutableReference>().Any(reference => reference.FilePath == file);

    /// <summary>Whether it is one of <see cref="All"/>.</summary>
    public static bool Has(MetadataReference reference) => known.Value.Contains(reference);

    /// <summary>
    /// Binds the references before any cell does; the compilation keeps what they are bound to. Compilations that bind them at the same
    /// time would each make types of their own for them, and a cell takes the oldest that are alive: a session's cells would not agree
    /// on what a tensor is.
    /// </summary>
    internal static CSharpCompilation Bind()
    {
        CSharpCompilation compilation = CSharpCompilation.CreateScriptCompilation("Platform", references: Load());
        _ = compilation.GetSpecialType(SpecialType.System_Object);
        return compilation;
    }

    /// <summary>
    /// Leaves out what only forwards types for assemblies built against older platforms: a third of the runtime's files. The resolver
    /// finds them when such an assembly is referenced.
    /// </summary>
    private static ImmutableArray<MetadataReference> Load()
    {
        string runtime = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
        var files = TrustedFiles
            .Where(file => Path.GetDirectoryName(file) == runtime || IsOurs(Path.GetFileNameWithoutExtension(file)))
            .ToDictionary(file => Path.GetFileNameWithoutExtension(file));
        var loaded = new Dictionary<string, MetadataReference>();
        var wanted = new Stack<string>();
        foreach ((string name, string file) in files)
        {
            AssemblyMetadata metadata = AssemblyMetadata.CreateFromFile(file);
            if (DefinesPublicTypes(metadata))
            {
                Add(name, metadata);
            }
        }

        while (wanted.TryPop(out string? name))
        {
            if (files.TryGetValue(name, out string? file) && !loaded.ContainsKey(name))
            {
                Add(name, AssemblyMetadata.CreateFromFile(file));
            }
        }

        return [.. loaded.Values];

        void Add(string name, AssemblyMetadata metadata)
        {
            loaded.Add(name, metadata.GetReference(new XmlDocumentation(files[name]), filePath: files[name]));
            MetadataReader reader = metadata.GetModules()[0].GetMetadataReader();
            foreach (AssemblyReferenceHandle handle in reader.AssemblyReferences)
            {
                wanted.Push(reader.GetString(reader.GetAssemblyReference(handle).Name));
            }
        }
    }

    private static bool DefinesPublicTypes(AssemblyMetadata metadata)
    {
        MetadataReader reader = metadata.GetModules()[0].GetMetadataReader();
        return reader.TypeDefinitions.Any(handle =>
            (reader.GetTypeDefinition(handle).Attributes & TypeAttributes.VisibilityMask) == TypeAttributes.Public);
    }

    private static bool IsOurs(string name) =>
        name.StartsWith("TensorCell.", StringComparison.Ordinal)
        || name is "tensorcell" or "Microsoft.DotNet.Interactive.Formatting" or "Microsoft.AspNetCore.Html.Abstractions" or "System.Numerics.Tensors";
}
