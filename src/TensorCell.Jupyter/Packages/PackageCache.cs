using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace TensorCell.Jupyter.Packages;

/// <summary>Remembers what sets of packages came down to, so that a notebook that runs again need not ask the .NET SDK.</summary>
internal static class PackageCache
{
    /// <summary>The environment variable that names the folder to remember it in.</summary>
    public const string Variable = "TENSORCELL_CACHE";

    /// <summary>For so long "the latest" is taken to be what it was.</summary>
    private static readonly TimeSpan latestLasts = TimeSpan.FromDays(1);

    private static string Folder =>
        Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } chosen ? chosen
        : Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } caches ? Path.Combine(caches, "tensorcell")
        : OperatingSystem.IsWindows() ? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData), "tensorcell", "cache")
        : Path.Combine(
            Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), OperatingSystem.IsMacOS() ? "Library/Caches" : ".cache", "tensorcell");

    /// <summary>What the packages came down to; null when that is not known, may have changed, or cannot be read.</summary>
    public static PackageSet? Find(IReadOnlyList<PackageRequest> requests, IReadOnlyList<string> sources)
    {
        try
        {
            string file = FileOf(requests, sources);
            return requests.Any(request => request.IsFloating) && DateTime.UtcNow - File.GetLastWriteTimeUtc(file) > latestLasts
                ? null : PackageSet.Read(file);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // A configuration, say, that only its owner may read: the SDK tells of it, should it matter.
            return null;
        }
    }

    /// <summary>Remembers it; where nothing can be written, the next time takes longer.</summary>
    public static void Keep(IReadOnlyList<PackageRequest> requests, IReadOnlyList<string> sources, PackageSet set)
    {
        try
        {
            string file = FileOf(requests, sources);
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            set.Write(file);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return;
        }
    }

    private static string FileOf(IReadOnlyList<PackageRequest> requests, IReadOnlyList<string> sources)
    {
        var key = new StringBuilder();
        foreach (PackageRequest request in requests.OrderBy(request => request.Name, StringComparer.OrdinalIgnoreCase))
        {
            key.Append("r ").Append(request.Name.ToLowerInvariant()).Append(' ').Append(request.Version).Append('\n');
        }

        foreach (string source in sources)
        {
            key.Append("i ").Append(source).Append('\n');
        }

        foreach (string file in Configurations())
        {
            key.Append("c ").Append(file).Append(' ').Append(Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(file)))).Append('\n');
        }

        key.Append(RuntimeInformation.RuntimeIdentifier).Append(' ').Append(Environment.Version).Append(' ')
            .Append(Environment.GetEnvironmentVariable("NUGET_PACKAGES"));
        string hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key.ToString())).AsSpan(0, 16));
        return Path.Combine(Folder, "packages", hash + ".json");
    }

    /// <summary>The NuGet configurations that the notebook's folder and those above it hold.</summary>
    private static IEnumerable<string> Configurations()
    {
        for (var folder = new DirectoryInfo(Environment.CurrentDirectory); folder is not null; folder = folder.Parent)
        {
            foreach (string name in (string[])["nuget.config", "NuGet.config", "NuGet.Config"])
            {
                string file = Path.Combine(folder.FullName, name);
                if (File.Exists(file))
                {
                    yield return file;
                    break;
                }
            }
        }
    }
}
