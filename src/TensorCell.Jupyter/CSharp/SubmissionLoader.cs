using System.Collections.Concurrent;
using System.Reflection;
using System.Runtime.Loader;

namespace TensorCell.Jupyter.CSharp;

/// <summary>Loads the compiled cells of one session, and the files they reference, so that later cells find them.</summary>
internal sealed class SubmissionLoader() : AssemblyLoadContext("C# cells")
{
    private readonly ConcurrentDictionary<string, Assembly> submissions = new();
    private readonly ConcurrentDictionary<string, string> files = new(StringComparer.OrdinalIgnoreCase);
    private readonly ConcurrentDictionary<string, bool> folders = new();

    /// <summary>Loads a compiled cell with its debugging information.</summary>
    public Assembly Load(Stream assembly, Stream symbols)
    {
        Assembly loaded = LoadFromStream(assembly, symbols);
        submissions[loaded.GetName().Name!] = loaded;
        return loaded;
    }

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
