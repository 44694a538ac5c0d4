using System.Diagnostics;

namespace TensorCell.Jupyter.Tests;

/// <summary>The solution's packages, packed once for all tests that install them, and a NuGet cache in which there was nothing.</summary>
public sealed class PackageFixture : IDisposable
{
    private readonly TemporaryDirectory root = new();

    public PackageFixture()
    {
        Directory.CreateDirectory(Packages);
        string configuration = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar)).Parent!.Name;
        Dotnet(Repository.Root, "pack", "Extension.sln", "-c", configuration, "-o", Packages, "--no-build", "-v", "quiet");
        CopyNeeded("system.numerics.tensors");
    }

    /// <summary>Where the packages are.</summary>
    public string Packages => Path.Combine(root.Path, "packages");

    /// <summary>Where NuGet seeks, as its lists name it, in order of the alphabet.</summary>
    public string Sources => $"{Needed}, {Packages}";

    /// <summary>Where the packages are that they need of others.</summary>
    public string Needed => Path.Combine(root.Path, "needed");

    /// <summary>The NuGet cache.</summary>
    public string Cache => Path.Combine(root.Path, "cache");

    /// <summary>The version of the packages.</summary>
    public string Version => Directory.EnumerateFiles(Packages, "tensorcell.*.nupkg").Select(Path.GetFileNameWithoutExtension)
        .Select(name => name!["tensorcell.".Length..]).Single(version => char.IsDigit(version[0]));

    /// <summary>An empty folder in which NuGet knows the packages and what they need.</summary>
    public string CreateFolder(string name)
    {
        string folder = Directory.CreateDirectory(Path.Combine(root.Path, name)).FullName;
        File.WriteAllText(Path.Combine(folder, "nuget.config"), $"""
            <configuration>
              <packageSources>
                <clear />
                <add key="packed" value="{Packages}" />
                <add key="needed" value="{Needed}" />
              </packageSources>
            </configuration>
            """);
        return folder;
    }

    /// <summary>How the SDK is called in a folder, with the cache of its own.</summary>
    public ProcessStartInfo StartInfo(string folder, params IEnumerable<string> arguments) => Prepare(new ProcessStartInfo("dotnet", arguments), folder);

    /// <summary>Makes a program start in a folder, with the cache of its own.</summary>
    public ProcessStartInfo Prepare(ProcessStartInfo start, string folder)
    {
        start.WorkingDirectory = folder;
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        start.Environment["NUGET_PACKAGES"] = Cache;
        start.Environment["DOTNET_CLI_HOME"] = root.Path; // The SDK remembers there in which cache it found a tool.
        start.Environment["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1";
        start.Environment["DOTNET_NOLOGO"] = "1";

        // What the SDK would leave running holds on to the folder.
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        start.Environment["UseSharedCompilation"] = "false";
        return start;
    }

    /// <summary>Runs the SDK in a folder; it must succeed.</summary>
    /// <returns>What it wrote.</returns>
    public string Dotnet(string folder, params IEnumerable<string> arguments) => Tool.Succeed(StartInfo(folder, arguments));

    public void Dispose() => root.Dispose();

    private void CopyNeeded(string package)
    {
        string restored = Environment.GetEnvironmentVariable("NUGET_PACKAGES")
            ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        Directory.CreateDirectory(Needed);
        foreach (string file in Directory.EnumerateFiles(Path.Combine(restored, package), "*.nupkg", SearchOption.AllDirectories))
        {
            File.Copy(file, Path.Combine(Needed, Path.GetFileName(file)));
        }
    }
}

/// <summary>The tests that share the packages.</summary>
[CollectionDefinition(nameof(PackageCollection))]
public sealed class PackageCollection : ICollectionFixture<PackageFixture>;
