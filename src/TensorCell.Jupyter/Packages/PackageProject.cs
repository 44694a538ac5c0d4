using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using System.Xml.Linq;

namespace TensorCell.Jupyter.Packages;

/// <summary>The project that the .NET SDK restores a set of packages with, and what it found.</summary>
/// <param name="folder">A folder of the project's own.</param>
internal sealed class PackageProject(string folder)
{
    private const string Report = "report.txt";

    /// <summary>The project's file.</summary>
    public string File => Path.Combine(folder, "packages.csproj");

    private string AssetsFile => Path.Combine(folder, "obj", "project.assets.json");

    /// <summary>Writes the project.</summary>
    /// <param name="requests">The packages.</param>
    /// <param name="sources">Where to look for them, beside the sources that NuGet is configured with.</param>
    /// <param name="directory">The folder whose NuGet configuration counts.</param>
    public void Write(IEnumerable<PackageRequest> requests, IEnumerable<string> sources, string directory)
    {
        Directory.CreateDirectory(folder);
        new XElement(
            "Project",
            Properties(
                ("ImportDirectoryBuildProps", "false"),
                ("ImportDirectoryBuildTargets", "false"),
                ("ImportDirectoryPackagesProps", "false")),
            Import("Sdk.props"),
            Properties(
                ("TargetFramework", $"net{Environment.Version.Major}.{Environment.Version.Minor}"),
                ("RuntimeIdentifier", RuntimeInformation.RuntimeIdentifier),
                ("SelfContained", "false"),
                ("UseAppHost", "false"),
                ("OutputType", "Library"),
                ("CopyLocalLockFileAssemblies", "true"),
                ("NuGetAudit", "false"),
                ("NoWarn", "$(NoWarn);NU1510"),
                ("RestoreRootConfigDirectory", Escape(directory)),
                ("RestoreAdditionalProjectSources", string.Join(';', sources.Select(Escape)))),
            new XElement(
                "ItemGroup",
                new XElement("FrameworkReference", new XAttribute("Include", "Microsoft.AspNetCore.App")),
                requests.Select(request => new XElement(
                    "PackageReference", new XAttribute("Include", request.Name), new XAttribute("Version", request.Version)))),
            Import("Sdk.targets"),
            new XElement(
                "Target",
                new XAttribute("Name", "Report"),
                new XAttribute("DependsOnTargets", "ResolveReferences"),
                new XElement(
                    "ItemGroup",
                    Reported("@(ReferencePath)", "'%(ReferencePath.NuGetPackageId)' != '' and '%(ReferencePath.FrameworkReferenceName)' == ''", "reference"),
                    Reported("@(ReferenceCopyLocalPaths)", "'%(ReferenceCopyLocalPaths.AssetType)' == 'runtime'", "runtime"),
                    Reported("@(ReferenceCopyLocalPaths)", "'%(ReferenceCopyLocalPaths.AssetType)' == 'native'", "native")),
                new XElement(
                    "WriteLinesToFile",
                    new XAttribute("File", Report),
                    new XAttribute("Lines", "@(Reported->'%(Kind) %(FullPath)')"),
                    new XAttribute("Overwrite", "true"))))
            .Save(File);
    }

    /// <summary>What was found.</summary>
    public PackageSet Read()
    {
        ILookup<string, string> files = System.IO.File.ReadLines(Path.Combine(folder, Report))
            .Select(line => line.Split(' ', 2))
            .ToLookup(parts => parts[0], parts => parts[1]);
        JsonNode assets = Assets()!;
        string[] roots = [.. assets["packageFolders"]!.AsObject().Select(root => root.Key)];
        IEnumerable<InstalledPackage> packages =
            from library in assets["libraries"]!.AsObject()
            where library.Value!["type"]!.GetValue<string>() == "package"
            let place = roots.Select(root => Path.Combine(root, library.Value!["path"]!.GetValue<string>())).FirstOrDefault(Directory.Exists)
            where place is not null
            let name = library.Key.Split('/')
            select new InstalledPackage(name[0], name[1], place);
        return new PackageSet([.. packages], [.. files["reference"]], [.. files["runtime"]], [.. files["native"]]);
    }

    /// <summary>What NuGet has to say against the packages: code and message of each error.</summary>
    public IReadOnlyList<(string Code, string Message, string Package)> Errors() =>
        Assets()?["logs"]?.AsArray()
            .Where(log => log!["level"]?.GetValue<string>() == "Error")
            .Select(log => (
                log!["code"]?.GetValue<string>() ?? "", log["message"]?.GetValue<string>() ?? "", log["libraryId"]?.GetValue<string>() ?? ""))
            .Distinct()
            .ToList() ?? [];

    /// <summary>The sources that NuGet looked at.</summary>
    public IReadOnlyList<string> Sources() =>
        Assets()?["project"]?["restore"]?["sources"]?.AsObject().Select(source => source.Key).ToList() ?? [];

    private JsonNode? Assets() => System.IO.File.Exists(AssetsFile) ? JsonNode.Parse(System.IO.File.ReadAllBytes(AssetsFile)) : null;

    private static XElement Properties(params IEnumerable<(string Name, string Value)> properties) =>
        new("PropertyGroup", properties.Select(property => new XElement(property.Name, property.Value)));

    private static XElement Import(string file) =>
        new("Import", new XAttribute("Project", file), new XAttribute("Sdk", "Microsoft.NET.Sdk"));

    private static XElement Reported(string items, string condition, string kind) =>
        new("Reported", new XAttribute("Include", items), new XAttribute("Condition", condition), new XAttribute("Kind", kind));

    /// <summary>MSBuild gives some characters a meaning of their own.</summary>
    private static string Escape(string text) =>
        string.Concat(text.Select(character => "%*?@$();'".Contains(character) ? $"%{(int)character:X2}" : character.ToString()));
}
