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
/// <param name="notebook">The notebook, whose cell may be interrupted before any part and within the script.</param>
internal sealed class PackageExtension(InstalledPackage package, CSharpSession csharp, MagicRegistry magics, INotebook notebook)
{
    private readonly string folder = Path.Combine(package.Folder, "interactive-extensions", "dotnet");

    /// <summary>Loads it.</summary>
    /// <param name="set">The packages that were installed.</param>
    /// <param name="refer">Makes assemblies known to the cells that follow, unless they are.</param>
    /// <returns>What the user should know of it.</returns>
    public async Task<IReadOnlyList<string>> LoadAsync(PackageSet set, Func<IEnumerable<string>, Task> refer)
    {
        if (BuiltInPackages.Has(package.Name))
        {
            return [];
        }

        var notes = new List<string>();
        using (notebook.DeferInterruption())
        {
            ILookup<bool, string> further = (Directory.Exists(folder) ? Directory.EnumerateFiles(folder, "*.dll") : [])
                .Where(file => PlatformReferences.FileOf(Path.GetFileNameWithoutExtension(file)) is null)
                .ToLookup(HasMetadata);
            csharp.Loader.AddPackages(further[true], further[false]);
            await refer(further[true]);
            foreach (string file in set.Assemblies.Where(package.Holds).Where(HasMetadata).Concat(further[true]))
            {
                notebook.Cancellation.ThrowIfCancellationRequested();
                if (KnowsMagics(file) && magics.AddFrom(csharp.Loader.LoadFile(file)) is { Count: > 0 } added)
                {
                    notes.Add($"{package.Name} brings {string.Join(", ", added.Select(magic => "#!" + magic.Name))}");
                }
            }
        }

        string script = Path.Combine(folder, "extension.dib");
        if (File.Exists(script) && await RunAsync(script, notebook.Cancellation) is { } failure)
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
                    await csharp.RunAsync(Compile(cell.Source, cancellation));
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

    private Submission Compile(string code, CancellationToken cancellation)
    {
        using (notebook.DeferInterruption())
        {
            return csharp.Compile(code, $"{package.Name}/extension.dib", cancellation);
        }
    }

    /// <summary>Whether a file is an assembly, not a native library; read without loading it.</summary>
    private static bool HasMetadata(string file)
    {
        try
        {
            using var image = new PEReader(File.OpenRead(file));
            return image.HasMetadata;
        }
        catch (BadImageFormatException)
        {
            return false;
        }
    }

    /// <summary>Whether an assembly is built on this library; read without loading it.</summary>
    private static bool KnowsMagics(string file)
    {
        using var image = new PEReader(File.OpenRead(file));
        MetadataReader reader = image.GetMetadataReader();
        string wanted = typeof(Magic).Assembly.GetName().Name!;
        return reader.AssemblyReferences.Any(handle => reader.StringComparer.Equals(reader.GetAssemblyReference(handle).Name, wanted));
    }
}
