using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using TensorCell.Interactive;
using TensorCell.Interactive.Magics;
using TensorCell.Jupyter.CSharp;
using TensorCell.Jupyter.Notebooks;

namespace TensorCell.Jupyter.Packages;

/// <summary>
/// What a package brings for notebooks: magics written for this library, and in <c>interactive-extensions/dotnet</c>, the place that
/// .NET Interactive looks in, further assemblies and a script, <c>extension.dib</c>. Of the script the C# runs, as a cell would; where
/// it was written for classes that only .NET Interactive has, it does not compile here, and the user is told.
/// </summary>
/// <param name="package">The package.</param>
/// <param name="csharp">The session that it comes to.</param>
/// <param name="magics">The session's magics.</param>
internal sealed class PackageExtension(InstalledPackage package, CSharpSession csharp, MagicRegistry magics)
{
    private readonly string folder = Path.Combine(package.Folder, "interactive-extensions", "dotnet");

    /// <summary>Loads it.</summary>
    /// <param name="set">The packages that were installed.</param>
    /// <param name="cancellation">Gives up before the next part.</param>
    /// <returns>What the user should know of it.</returns>
    public async Task<IReadOnlyList<string>> LoadAsync(PackageSet set, CancellationToken cancellation)
    {
        if (BuiltInPackages.Has(package.Name))
        {
            return [];
        }

        string[] further = Directory.Exists(folder)
            ? [.. Directory.EnumerateFiles(folder, "*.dll").Where(file => PlatformReferences.FileOf(Path.GetFileNameWithoutExtension(file)) is null)]
            : [];
        csharp.Loader.AddPackages(further, []);
        await csharp.ReferAsync(further);
        var notes = new List<string>();
        string root = Path.TrimEndingDirectorySeparator(package.Folder) + Path.DirectorySeparatorChar;
        foreach (string file in set.Assemblies.Where(file => file.StartsWith(root, StringComparison.Ordinal)).Concat(further))
        {
            cancellation.ThrowIfCancellationRequested();
            if (KnowsMagics(file) && magics.AddFrom(csharp.Loader.LoadFile(file)) is { Count: > 0 } added)
            {
                notes.Add($"{package.Name} brings {string.Join(", ", added.Select(magic => "#!" + magic.Name))}");
            }
        }

        string script = Path.Combine(folder, "extension.dib");
        if (File.Exists(script) && await RunAsync(script, cancellation) is { } failure)
        {
            notes.Add(failure);
        }

        return notes;
    }

    /// <summary>Runs the C# of the package's script.</summary>
    /// <returns>Why it could not; null when it could.</returns>
    private async Task<string?> RunAsync(string script, CancellationToken cancellation)
    {
        try
        {
            foreach (NotebookCell cell in DibFormat.Parse(await File.ReadAllBytesAsync(script, cancellation)).Cells)
            {
                bool isCSharp = cell.Kind == CellKind.Code && !cell.Source.StartsWith("#!", StringComparison.Ordinal);
                if (isCSharp)
                {
                    await csharp.RunAsync(csharp.Compile(cell.Source, $"{package.Name}/extension.dib", cancellation));
                }
            }

            return null;
        }
        catch (CodeException exception)
        {
            return $"the notebook extension of {package} is for .NET Interactive and was left out; the package's types can be used "
                + $"({exception.Message.Split('\n')[0]})";
        }
        catch (Exception exception) when (!cancellation.IsCancellationRequested)
        {
            return $"the notebook extension of {package} failed: {exception.Message}";
        }
    }

    /// <summary>Whether an assembly is built on this library; read without loading it.</summary>
    private static bool KnowsMagics(string file)
    {
        using var image = new PEReader(File.OpenRead(file));
        if (!image.HasMetadata)
        {
            return false;
        }

        MetadataReader reader = image.GetMetadataReader();
        string wanted = typeof(Magic).Assembly.GetName().Name!;
        return reader.AssemblyReferences.Any(handle => reader.StringComparer.Equals(reader.GetAssemblyReference(handle).Name, wanted));
    }
}
