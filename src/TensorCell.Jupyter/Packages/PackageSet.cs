using System.Text.Json;
using TensorCell.Tensors;

namespace TensorCell.Jupyter.Packages;

/// <summary>What a set of packages comes down to on this machine.</summary>
/// <param name="Packages">The packages asked for and all they need.</param>
/// <param name="References">The assemblies to compile against.</param>
/// <param name="Assemblies">The assemblies to run.</param>
/// <param name="Libraries">The native libraries.</param>
internal sealed record PackageSet(
    IReadOnlyList<InstalledPackage> Packages,
    IReadOnlyList<string> References,
    IReadOnlyList<string> Assemblies,
    IReadOnlyList<string> Libraries)
{
    /// <summary>The package of a name; null when it is not among them.</summary>
    public InstalledPackage? Find(string name) =>
        Packages.FirstOrDefault(package => package.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    /// <summary>The set that was written to a file; null when there is none, or one whose packages are gone.</summary>
    public static PackageSet? Read(string file)
    {
        try
        {
            PackageSet? set = File.Exists(file) ? JsonSerializer.Deserialize<PackageSet>(File.ReadAllBytes(file)) : null;
            return set is { Packages: not null, References: not null, Assemblies: not null, Libraries: not null }
                && set.References.Concat(set.Assemblies).Concat(set.Libraries).All(File.Exists)
                && set.Packages.All(package => Directory.Exists(package.Folder))
                ? set : null;
        }
        catch (Exception error) when (error is JsonException or IOException or UnauthorizedAccessException)
        {
            // As if it had never been written.
            return null;
        }
    }

    /// <summary>Writes it, whole or not at all.</summary>
    public void Write(string file) => AtomicFile.Write(file, stream => JsonSerializer.Serialize(stream, this));
}

/// <summary>A package on this machine.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Version">Its version.</param>
/// <param name="Folder">Where it was unpacked.</param>
internal sealed record InstalledPackage(string Name, string Version, string Folder)
{
    /// <summary>Whether a file is one of it.</summary>
    public bool Holds(string file) =>
        file.StartsWith(Path.TrimEndingDirectorySeparator(Folder) + Path.DirectorySeparatorChar, StringComparison.Ordinal);

    /// <inheritdoc/>
    public override string ToString() => $"{Name} {Version}";
}
