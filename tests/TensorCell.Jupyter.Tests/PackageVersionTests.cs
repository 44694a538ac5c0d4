using TensorCell.Jupyter.Packages;

namespace TensorCell.Jupyter.Tests;

/// <summary>How versions of packages are ordered and asked for, and where a cell may ask.</summary>
public sealed class PackageVersionTests
{
    [Fact]
    public void Versions_are_ordered_as_NuGet_orders_them()
    {
        // The order of semver.org's own example, and what NuGet adds to it.
        string[] ordered =
        [
            "0.9", "1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-alpha.beta", "1.0.0-beta", "1.0.0-beta.2", "1.0.0-beta.11", "1.0.0-rc.1", "1.0.0",
            "1.0.0.1", "1.0.9", "1.0.10", "1.2", "10.0",
        ];
        for (int i = 0; i < ordered.Length; i++)
        {
            for (int j = 0; j < ordered.Length; j++)
            {
                Assert.Equal(Math.Sign(i - j), Math.Sign(PackageVersion.Parse(ordered[i]).CompareTo(PackageVersion.Parse(ordered[j]))));
            }
        }

        Assert.Equal(0, PackageVersion.Parse("1.2").CompareTo(PackageVersion.Parse("1.2.0.0+build")));
    }

    [Theory]
    [InlineData("1.2.3", "*", true)]
    [InlineData("1.2.3", "*-*", true)]
    [InlineData("1.2.3", "1.2.3", true)]
    [InlineData("1.2.3", "1.2", true)]
    [InlineData("1.2.3", "1.3", false)]
    [InlineData("1.2.3", "1.*", true)]
    [InlineData("1.2.3", "1.3.*", false)]
    [InlineData("11.2.3", "1.*", false)]
    [InlineData("1.2.3", "[1.2.3]", true)]
    [InlineData("1.2.4", "[1.2.3]", false)]
    [InlineData("1.2.3", "[1.2.3,2.0)", true)]
    [InlineData("2.0", "[1.2.3,2.0)", false)]
    [InlineData("1.2.3", "(1.2.3,)", false)]
    [InlineData("1.2.2", "(,1.2.3]", true)]
    [InlineData("1.0.0-beta", "1.0.0", false)]
    [InlineData("1.0.0-beta.2", "1.0.0-*", true)]
    [InlineData("1.0.0", "1.0.0-*", true)]
    [InlineData("1.0.0", "1.0.0-rc.*", true)]
    [InlineData("1.0.1", "1.0.0-*", false)]
    [InlineData("1.0.0-alpha", "1.0.0-rc.*", false)]
    public void A_version_fits_what_is_asked_for_or_not(string version, string wanted, bool fits)
    {
        Assert.Equal(wanted, PackageRequest.Parse($" Some.Package , {wanted} ").Version);
        Assert.Equal(fits, PackageVersion.Fits(version, wanted));
    }

    [Fact]
    public void Only_directives_ask_for_packages()
    {
        string code = """"
            // #r "nuget: InAComment"
            var text = """
            #r "nuget: InAString"
            """;
            /*
            #r "nuget: InAnotherComment"
            */
            #r "nuget: One, 1.0"
            # r   "nuget:Two"
            #i "nuget: https://example.org/index.json"
            #r "Three.dll"
            text.Length
            """";
        PackageDirectives found = PackageDirectives.Of(code);
        Assert.Equal([new PackageRequest("One", "1.0"), new PackageRequest("Two", "*")], found.Requests);
        Assert.Equal(["https://example.org/index.json"], found.Sources);
        string rest = found.Blank(code);
        Assert.Equal(rest, PackageDirectives.BlankAll(code));
        Assert.Equal(code.Length, rest.Length);
        Assert.Equal(
            code.Split('\n').Where(line => !line.Contains("One") && !line.Contains("Two") && !line.Contains("#i")),
            rest.Split('\n').Where(line => !string.IsNullOrWhiteSpace(line)));
    }

    [Fact]
    public void A_half_typed_directive_is_blanked_for_completion_too()
    {
        const string Code = "#r \"nuget: Some Pack\"\n1";
        Assert.Throws<PackageException>(() => PackageDirectives.Of(Code));
        Assert.Equal("1", PackageDirectives.BlankAll(Code).Trim());
    }

    [Theory]
    [InlineData("https://example.org/index.json", "")]
    [InlineData("http://example.org/index.json", "allowInsecureConnections")]
    [InlineData("ftp://example.org", "not by ftp")]
    public void A_source_is_taken_or_refused_for_a_reason(string source, string reason)
    {
        if (reason.Length == 0)
        {
            Assert.Equal(source, PackageSource.Parse(source));
            return;
        }

        Assert.Contains(reason, Assert.Throws<PackageException>(() => PackageSource.Parse(source)).Message);
    }

    [Theory]
    [InlineData("77.0", "--version 77.0")]
    [InlineData("[77.0,78.0)", "--version VERSION")]
    public void Another_version_of_a_built_in_package_comes_with_another_tool(string version, string advice)
    {
        var error = Assert.Throws<PackageException>(() => BuiltInPackages.Answer(new PackageRequest("TensorCell.Data", version)));
        Assert.EndsWith(advice, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_package_holds_the_files_of_its_own_folder_only()
    {
        var package = new InstalledPackage("A", "1.2.3", Path.Combine("cache", "a", "1.2.3"));
        Assert.True(package.Holds(Path.Combine("cache", "a", "1.2.3", "lib", "A.dll")));
        Assert.False(package.Holds(Path.Combine("cache", "a", "1.2.30", "lib", "A.dll")));
    }

    [Fact]
    public void Without_an_SDK_the_user_is_told_where_it_was_sought_and_where_to_get_it()
    {
        using var empty = new TemporaryDirectory();
        var error = Assert.Throws<PackageException>(() => DotnetSdk.Find([empty.Path]));
        Assert.Contains(empty.Path, error.Message);
        Assert.Contains("https://", error.Message);
        Assert.True(File.Exists(DotnetSdk.Find(DotnetSdk.Roots())));
    }
}
