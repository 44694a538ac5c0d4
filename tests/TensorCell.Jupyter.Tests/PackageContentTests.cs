using System.IO.Compression;
using System.Reflection.PortableExecutable;
using System.Xml.Linq;

namespace TensorCell.Jupyter.Tests;

/// <summary>What the packages of the solution hold.</summary>
[Collection(nameof(PackageCollection))]
public sealed class PackageContentTests(PackageFixture fixture)
{
    private static readonly string[] libraries = ["Kernels", "Tensors", "Data", "Learning", "Inference", "Interactive"];

    [Fact]
    public void The_rooms_are_packed_and_nothing_else()
    {
        IEnumerable<string> expected = libraries.Select(room => $"TensorCell.{room}").Append("tensorcell").Select(name => $"{name}.{fixture.Version}.nupkg");
        Assert.Equal(
            expected.Order(StringComparer.Ordinal),
            Directory.EnumerateFiles(fixture.Packages, "*.nupkg").Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal));
        string declared = XDocument.Load(Path.Combine(Repository.Root, "Directory.Build.props")).Descendants("Version").Single().Value;
        Assert.Equal(declared, fixture.Version);
    }

    [Fact]
    public void Each_package_says_what_it_is_and_on_what_terms()
    {
        foreach (string path in Directory.EnumerateFiles(fixture.Packages, "*.nupkg"))
        {
            using ZipArchive package = ZipFile.OpenRead(path);
            XElement metadata = Metadata(package);
            XNamespace space = metadata.Name.Namespace;
            Assert.Equal("MIT", metadata.Element(space + "license")!.Value);
            Assert.True(metadata.Element(space + "description")!.Value.Length > 30, path);
            Assert.Contains("notebook", metadata.Element(space + "tags")!.Value);
            Assert.NotNull(package.GetEntry(metadata.Element(space + "readme")!.Value));
            Assert.NotNull(package.GetEntry("LICENSE"));
            Assert.NotNull(package.GetEntry("THIRD-PARTY-NOTICES.txt"));
            Assert.DoesNotContain(package.Entries, entry => entry.FullName.Contains("Tests", StringComparison.Ordinal));
        }
    }

    [Fact]
    public void Each_library_comes_documented_with_symbols_and_depends_only_on_the_rooms_below_it_and_what_is_accounted_for()
    {
        foreach (string room in libraries)
        {
            string name = $"TensorCell.{room}";
            using ZipArchive package = ZipFile.OpenRead(Path.Combine(fixture.Packages, $"{name}.{fixture.Version}.nupkg"));
            using ZipArchive symbols = ZipFile.OpenRead(Path.Combine(fixture.Packages, $"{name}.{fixture.Version}.snupkg"));
            Assert.NotNull(package.GetEntry($"lib/net10.0/{name}.dll"));
            Assert.NotNull(package.GetEntry($"lib/net10.0/{name}.xml"));
            Assert.NotNull(symbols.GetEntry($"lib/net10.0/{name}.pdb"));
            XElement metadata = Metadata(package);
            Assert.All(
                metadata.Descendants(metadata.Name.Namespace + "dependency").Select(dependency => dependency.Attribute("id")!.Value),
                dependency => Assert.Contains(dependency, libraries.TakeWhile(below => below != room).Select(below => $"TensorCell.{below}").Append("System.Numerics.Tensors")));
        }
    }

    [Fact]
    public void The_extension_for_NET_Interactive_brings_no_assembly_that_the_host_has()
    {
        using ZipArchive package = ZipFile.OpenRead(Path.Combine(fixture.Packages, $"TensorCell.Interactive.{fixture.Version}.nupkg"));
        Assert.NotNull(package.GetEntry("interactive-extensions/dotnet/extension.dib"));
        Assert.Equal(["Iced.dll", "TensorCell.Interactive.dll"], package.Entries.Where(entry => entry.FullName.StartsWith("lib/", StringComparison.Ordinal) && entry.Name.EndsWith(".dll", StringComparison.Ordinal)).Select(entry => entry.Name));
    }

    [Fact]
    public void The_tool_runs_anywhere_and_starts_sooner_on_machines_like_this_one()
    {
        using ZipArchive package = ZipFile.OpenRead(Path.Combine(fixture.Packages, $"tensorcell.{fixture.Version}.nupkg"));
        string[] folders = [.. package.Entries
            .Where(entry => entry.Name == "DotnetToolSettings.xml")
            .Select(entry => entry.FullName[..entry.FullName.LastIndexOf('/')])];
        Assert.Contains("tools/net10.0/any", folders);
        foreach (string folder in folders)
        {
            Assert.NotNull(package.GetEntry($"{folder}/tensorcell.deps.json"));
            Assert.NotNull(package.GetEntry($"{folder}/TensorCell.Tensors.xml"));
            foreach (string name in (string[])["tensorcell", "TensorCell.Interactive", "Microsoft.CodeAnalysis.CSharp"])
            {
                Assert.Equal(folder.EndsWith("any", StringComparison.Ordinal), IsPortable(package.GetEntry($"{folder}/{name}.dll")!));
            }
        }
    }

    [Fact]
    public void ONNX_Runtime_comes_for_every_platform()
    {
        Assert.SkipUnless(Inference.OnnxRuntime.IsAvailable, "ONNX Runtime's library is not there: the build fetches it with npm");
        string[] expected =
        [
            "runtimes/linux-arm64/native/libonnxruntime.so", "runtimes/linux-x64/native/libonnxruntime.so", "runtimes/osx-arm64/native/libonnxruntime.dylib",
            "runtimes/win-arm64/native/onnxruntime.dll", "runtimes/win-x64/native/onnxruntime.dll",
        ];
        using ZipArchive library = ZipFile.OpenRead(Path.Combine(fixture.Packages, $"TensorCell.Inference.{fixture.Version}.nupkg"));
        using ZipArchive tool = ZipFile.OpenRead(Path.Combine(fixture.Packages, $"tensorcell.{fixture.Version}.nupkg"));
        Assert.Equal(expected, Natives(library, "runtimes/"));
        Assert.Equal(expected.Select(name => $"tools/net10.0/any/{name}"), Natives(tool, "tools/net10.0/any/runtimes/"));

        static IEnumerable<string> Natives(ZipArchive package, string folder) => package.Entries.Select(entry => entry.FullName)
            .Where(name => name.StartsWith(folder, StringComparison.Ordinal) && name.Contains("onnxruntime", StringComparison.Ordinal)).Order(StringComparer.Ordinal);
    }

    private static XElement Metadata(ZipArchive package)
    {
        using Stream stream = package.Entries.Single(entry => entry.FullName.EndsWith(".nuspec", StringComparison.Ordinal)).Open();
        XElement root = XDocument.Load(stream).Root!;
        return root.Element(root.Name.Namespace + "metadata")!;
    }

    private static bool IsPortable(ZipArchiveEntry entry)
    {
        using Stream stream = entry.Open();
        var image = new MemoryStream();
        stream.CopyTo(image);
        image.Position = 0;
        using var reader = new PEReader(image);
        return reader.PEHeaders.CorHeader!.ManagedNativeHeaderDirectory.Size == 0;
    }
}
