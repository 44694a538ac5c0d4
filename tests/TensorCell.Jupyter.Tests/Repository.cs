namespace TensorCell.Jupyter.Tests;

/// <summary>Where the sources of this checkout are.</summary>
internal static class Repository
{
    /// <summary>The folder of Extension.sln.</summary>
    public static string Root { get; } = Find(AppContext.BaseDirectory);

    private static string Find(string folder) =>
        File.Exists(Path.Combine(folder, "Extension.sln")) ? folder
        : Path.GetDirectoryName(folder) is { } parent ? Find(parent)
        : throw new DirectoryNotFoundException($"no folder above {AppContext.BaseDirectory} has Extension.sln");
}
