using System.Runtime.InteropServices;

namespace TensorCell.Jupyter.Packages;

/// <summary>Finds the .NET SDK, which restores packages.</summary>
internal static class DotnetSdk
{
    /// <summary>Where the .NET that runs this is installed.</summary>
    public static string RunningRoot { get; } = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));

    private static string Command => OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet";

    /// <summary>Where .NET may be installed; first, where the running one is.</summary>
    public static IEnumerable<string> Roots()
    {
        yield return RunningRoot;
        if (Environment.GetEnvironmentVariable("DOTNET_ROOT") is { Length: > 0 } root)
        {
            yield return root;
        }

        foreach (string folder in (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries))
        {
            var file = new FileInfo(Path.Combine(folder, Command));
            if (file.Exists)
            {
                yield return Path.GetDirectoryName((file.ResolveLinkTarget(returnFinalTarget: true) ?? file).FullName)!;
            }
        }

        yield return Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".dotnet");
    }

    /// <summary>The <c>dotnet</c> command of the first root with an SDK that builds for the running version of .NET.</summary>
    /// <exception cref="PackageException">None has.</exception>
    public static string Find(IEnumerable<string> roots)
    {
        string[] places = [.. roots.Distinct()];
        return places.Where(HasSdk).Select(root => Path.Combine(root, Command)).FirstOrDefault(File.Exists)
            ?? Throw.Package<string>(
                $"#r \"nuget: …\": the SDK of .NET {Environment.Version.Major} installs packages, and it is not in {string.Join(" or ", places)}; "
                + $"install it from https://dotnet.microsoft.com/download/dotnet/{Environment.Version.Major}.0, or set DOTNET_ROOT to where it is");
    }

    private static bool HasSdk(string root)
    {
        var folder = new DirectoryInfo(Path.Combine(root, "sdk"));
        return folder.Exists && folder.EnumerateDirectories().Any(version =>
            int.TryParse(version.Name.Split('.')[0], out int major) && major >= Environment.Version.Major);
    }
}
