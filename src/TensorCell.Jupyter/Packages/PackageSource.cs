namespace TensorCell.Jupyter.Packages;

/// <summary>A place to look for packages in: a folder, or the address of a server.</summary>
internal static class PackageSource
{
    /// <summary>Reads what follows <c>nuget:</c> in <c>#i</c>.</summary>
    /// <returns>An address, or the full path of a folder.</returns>
    /// <exception cref="PackageException">It is neither.</exception>
    public static string Parse(string text)
    {
        string source = text.Trim();
        if (Uri.TryCreate(source, UriKind.Absolute, out Uri? address) && !address.IsFile)
        {
            return address.Scheme is "http" or "https" ? source
                : Throw.Package<string>($"#i \"nuget: {source}\": packages come from a folder, or by http and https, not by {address.Scheme}");
        }

        if (source.Length == 0)
        {
            Throw.Package("#i \"nuget:\": no source is named; write #i \"nuget: /path/to/packages\" or #i \"nuget: https://server/v3/index.json\"");
        }

        string folder = Path.GetFullPath(address?.LocalPath ?? source);
        return Directory.Exists(folder) ? folder
            : Throw.Package<string>($"#i \"nuget: {source}\": there is no folder {folder}");
    }
}
