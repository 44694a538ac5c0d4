namespace TensorCell.Jupyter.Tests;

/// <summary>Finds programs of the machine.</summary>
internal static class Programs
{
    /// <summary>The full path of the first of some programs that there is; null when there is none.</summary>
    public static string? Find(params ReadOnlySpan<string> names)
    {
        // Debian's own come first: another Python or browser in PATH may lack the packages.
        string[] folders = ["/usr/bin", .. (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)];
        foreach (var name in names)
        {
            foreach (var folder in folders.Where(folder => folder.Length > 0))
            {
                var path = Path.Combine(folder, OperatingSystem.IsWindows() ? name + ".exe" : name);
                if (File.Exists(path))
                {
                    return path;
                }
            }
        }

        return null;
    }
}
