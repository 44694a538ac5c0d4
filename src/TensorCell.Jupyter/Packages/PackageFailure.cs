using System.Text.RegularExpressions;
using TensorCell.Interactive.Magics;

namespace TensorCell.Jupyter.Packages;

/// <summary>Says why packages could not be had: what was asked, where it was sought, what there is instead.</summary>
internal static partial class PackageFailure
{
    private const string NoPackage = "NU1101";
    private const string NoVersion = "NU1102";
    private const string OnlyPrerelease = "NU1103";
    private const string NoTarget = "NU1202";
    private const string Downgrade = "NU1605";
    private const string Conflict = "NU1107";
    private const string NoAnswer = "NU1301";

    /// <summary>The message.</summary>
    /// <param name="requests">What was asked.</param>
    /// <param name="project">The project that could not be restored.</param>
    /// <param name="output">What the SDK wrote.</param>
    public static string Describe(IReadOnlyList<PackageRequest> requests, PackageProject project, string output)
    {
        IReadOnlyList<(string Code, string Message, string Package)> errors = project.Errors();
        if (errors.Count == 0)
        {
            errors = [.. ErrorLines().Matches(output).Select(line => (line.Groups[1].Value, line.Groups[2].Value.Trim(), "")).Distinct()];
        }

        string asked = string.Join(", ", requests);
        IReadOnlyList<string> sources = project.Sources();
        return errors.Count == 0
            ? $"#r \"nuget: …\": the .NET SDK could not install {asked}:\n{output.Trim()}"
            : string.Join('\n', errors.Select(error => Describe(error.Code, error.Message, error.Package, sources, asked)).Distinct());
    }

    private static string Describe(string code, string message, string package, IReadOnlyList<string> sources, string asked)
    {
        string places = sources.Count == 0 ? "no source" : string.Join(", ", sources);
        string[] found = [.. Found().Matches(message).Select(match => $"{match.Groups[3].Value} ({match.Groups[2].Value} has {Versions(match.Groups[1].Value)})").Distinct()];
        string nearest = found.Length == 0 ? "" : $"; the nearest is {string.Join(", ", found)}";
        string wanted = Wanted().Match(message) is { Success: true } match ? $" {match.Groups[1].Value.Trim()}" : "";
        return code switch
        {
            NoPackage => $"#r \"nuget: {package}\": there is no package {package} in {places}; " + Suggestion(package, sources),
            NoVersion => $"#r \"nuget: {package}\": there is no {package}{wanted} in {places}{nearest}",
            OnlyPrerelease => $"#r \"nuget: {package}\": {package} has no stable version{wanted} in {places}{nearest}; "
                + $"name that version, or write \"nuget: {package}, *-*\" for the latest of all",
            NoTarget => $"#r \"nuget: {package}\": {message}",
            Downgrade or Conflict => $"#r \"nuget: {package}\": the packages {asked} do not agree on a version of {package}; ask for one that suits them all: {message}",
            NoAnswer => $"#r \"nuget: …\": {Silent(message, sources)} gives no answer: {message} Packages were sought in {places}. A source that a cell "
                + "named with #i and that was used before stays until a restart: correct the cell, restart the kernel, or take the source out of nuget.config. "
                + "When there is no network, a folder of packages works: #i \"nuget: /path/to/packages\"",
            _ => $"#r \"nuget: …\": {code}: {message} (asked for {asked}, sought in {places})",
        };
    }

    /// <summary>The sources that a message speaks of.</summary>
    private static string Silent(string message, IReadOnlyList<string> sources) =>
        string.Join(", ", sources.Where(source => message.Contains(source, StringComparison.OrdinalIgnoreCase))) is { Length: > 0 } named ? named : "a source";

    private static string Versions(string count) => count == "1" ? "1 version" : $"{count} versions";

    private static string Suggestion(string package, IReadOnlyList<string> sources)
    {
        string[] known = [.. sources.Where(Directory.Exists).SelectMany(NamesIn).Distinct(StringComparer.OrdinalIgnoreCase)];
        return EditDistance.Nearest(package, known) is { } nearest ? $"did you mean {nearest}?"
            : "check the name, or say where it is: #i \"nuget: FOLDER or ADDRESS\"";
    }

    /// <summary>The packages of a folder: files, or folders of versions.</summary>
    private static IEnumerable<string> NamesIn(string folder) =>
        Directory.EnumerateFiles(folder, "*.nupkg").Select(file => FileNames().Match(Path.GetFileName(file)).Groups[1].Value)
            .Concat(Directory.EnumerateDirectories(folder).Select(Path.GetFileName).OfType<string>())
            .Where(name => name.Length > 0);

    [GeneratedRegex(@"error (\w+): (.*?)(?: \[[^\]]*\])?\r?$", RegexOptions.Multiline)]
    private static partial Regex ErrorLines();

    [GeneratedRegex(@"Found (\d+) version\(s\) in (.+?) \[ Nearest version: (\S+) \]")]
    private static partial Regex Found();

    [GeneratedRegex(@"with version \((.+?)\)\s*$", RegexOptions.Multiline)]
    private static partial Regex Wanted();

    [GeneratedRegex(@"^(.+?)\.\d+\.\d+.*\.nupkg$", RegexOptions.IgnoreCase)]
    private static partial Regex FileNames();
}
