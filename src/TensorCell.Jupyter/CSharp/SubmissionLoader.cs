using System.Collections.Concurrent;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.Loader;
using TensorCell.Kernels;

namespace TensorCell.Jupyter.CSharp;

/// <summary>Loads the compiled cells of one session, and the files they reference, so that later cells find them.</summary>
internal sealed class SubmissionLoader() : AssemblyLoadContext("C# cells")
{
    private static readonly ConditionalWeakTable<Assembly, CellSymbols> symbols = [];

    private readonly ConcurrentDictionary<string, Assembly> submissions = new();
    private readonly ConcurrentDictionary<string, string> files = new(StringComparer.OrdinalIgnoreCase);
    private readonly ConcurrentDictionary<string, bool> folders = new();
    private readonly ConcurrentDictionary<string, string> libraries = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Loads a compiled cell.</summary>
    public Assembly Load(CellImage image)
    {
        if (image.Symbols is { } pdb)
        {
            pdb.Position = 0;
        }

        Assembly loaded = LoadFromStream(image.Assembly, image.Symbols);
        submissions[loaded.GetName().Name!] = loaded;
        symbols.Add(loaded, new CellSymbols(image));
        if (image.Symbols is not null)
        {
            KernelSources.Register(loaded, image.Lines);
        }

        return loaded;
    }

    /// <summary>Where the code of a loaded cell comes from; null for any other assembly.</summary>
    public static CellSymbols? SymbolsOf(Assembly assembly) => symbols.TryGetValue(assembly, out CellSymbols? found) ? found : null;

    /// <summary>Makes a referenced file, and its neighbours, loadable when a cell first needs them.</summary>
    public void AddFile(string path)
    {
        files[Path.GetFileNameWithoutExtension(path)] = path;
        folders[Path.GetDirectoryName(path)!] = true;
    }

    /// <summary>Makes the files of packages loadable when they are first needed.</summary>
    /// <param name="assemblies">Their assemblies.</param>
    /// <param name="natives">Their native libraries.</param>
    public void AddPackages(IEnumerable<string> assemblies, IEnumerable<string> natives)
    {
        foreach (string path in assemblies)
        {
            files.TryAdd(Path.GetFileNameWithoutExtension(path), path);
        }

        foreach (string path in natives)
        {
            libraries.TryAdd(Path.GetFileName(path), path);
        }
    }

    /// <summary>The assembly of a file, loaded if it was not.</summary>
    public Assembly LoadFile(string path) => LoadFromAssemblyName(AssemblyName.GetAssemblyName(path));

    /// <inheritdoc/>
    protected override nint LoadUnmanagedDll(string unmanagedDllName)
    {
        string extension = OperatingSystem.IsWindows() ? ".dll" : OperatingSystem.IsMacOS() ? ".dylib" : ".so";
        foreach (string name in (string[])
            [unmanagedDllName, unmanagedDllName + extension, $"lib{unmanagedDllName}{extension}", $"lib{unmanagedDllName}"])
        {
            if (libraries.TryGetValue(name, out string? path))
            {
                return LoadUnmanagedDllFromPath(path);
            }
        }

        return 0;
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
        if (PlatformReferences.FileOf(name) is not null)
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
