using System.Collections.Concurrent;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.Loader;
using Microsoft.CodeAnalysis.Text;

namespace TensorCell.Jupyter.CSharp;

/// <summary>Loads the compiled cells of one session, and the files they reference, so that later cells find them.</summary>
internal sealed class SubmissionLoader() : AssemblyLoadContext("C# cells")
{
    private static readonly ConditionalWeakTable<Assembly, SourceText> sources = [];

    private readonly ConcurrentDictionary<string, Assembly> submissions = new();
    private readonly ConcurrentDictionary<string, string> files = new(StringComparer.OrdinalIgnoreCase);
    private readonly ConcurrentDictionary<string, bool> folders = new();

    /// <summary>Loads a compiled cell with its debugging information.</summary>
    /// <param name="assembly">The compiled cell.</param>
    /// <param name="symbols">Its portable PDB.</param>
    /// <param name="source">The cell as written, to quote from.</param>
    public Assembly Load(Stream assembly, Stream symbols, SourceText source)
    {
        Assembly loaded = LoadFromStream(assembly, symbols);
        submissions[loaded.GetName().Name!] = loaded;
        sources.Add(loaded, source);
        return loaded;
    }

    /// <summary>The source of the cell that a loaded assembly was compiled from; null for any other assembly.</summary>
    public static SourceText? SourceOf(Assembly assembly) => sources.TryGetValue(assembly, out SourceText? source) ? source : null;

    /// <summary>Makes a referenced file, and its neighbours, loadable when a cell first needs them.</summary>
    public void AddFile(string path)
    {
        files[Path.GetFileNameWithoutExtension(path)] = path;
        folders[Path.GetDirectoryName(path)!] = true;
    }

    /// <inheritdoc/>
    protected override Assembly? Load(AssemblyName assemblyName)
    {
        string name = assemblyName.Name ?? "";
        if (submissions.TryGetValue(name, out Assembly? submission))
        {
            return submission;
        }

        // An assembly that the host itself brings keeps one identity in both worlds.
        if (PlatformReferences.TrustedFiles.Any(file => Path.GetFileNameWithoutExtension(file) == name))
        {
            return null;
        }

        if (files.TryGetValue(name, out string? path))
        {
            return LoadFromAssemblyPath(path);
        }

        return folders.Keys.Select(folder => Path.Combine(folder, name + ".dll")).FirstOrDefault(File.Exists)
            is { } neighbour ? LoadFromAssemblyPath(neighbour) : null;
    }
}
