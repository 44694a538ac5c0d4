namespace TensorCell.Jupyter.Packages;

/// <summary>A place to look for packages in: a folder, or the address of a server that is spoken to by https.</summary>
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
            return address.Scheme switch
            {
                "https" => source,
                "http" => Throw.Package<string>(
                    $"#i \"nuget: {source}\": the .NET SDK takes packages by http only from a source that nuget.config allows it for; write https, "
                    + $"or add to nuget.config <add key=\"NAME\" value=\"{source}\" allowInsecureConnections=\"true\" />"),
                _ => Throw.Package<string>($"#i \"nuget: {source}\": packages come from a folder, or by https, not by {address.Scheme}"),
            };
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
