using System.Text.RegularExpressions;

namespace TensorCell.Jupyter.Packages;

/// <summary>A package that a cell asks for.</summary>
/// <param name="Name">Its name, as typed.</param>
/// <param name="Version">As NuGet understands it: <c>1.2.3</c> means at least that, <c>*</c> the latest stable one.</param>
internal sealed partial record PackageRequest(string Name, string Version)
{
    /// <summary>The version that means the latest stable one.</summary>
    public const string Latest = "*";

    /// <summary>Whether which version is meant can change from day to day.</summary>
    public bool IsFloating => Version.Contains('*');

    /// <summary>Whether a version is named as such, neither a range nor one that changes from day to day.</summary>
    public bool IsPlain => char.IsDigit(Version[0]) && !IsFloating;

    /// <summary>Reads what follows <c>nuget:</c>, such as <c>Some.Package, 1.2.3</c>.</summary>
    /// <exception cref="PackageException">It is not that.</exception>
    public static PackageRequest Parse(string text)
    {
        int comma = text.IndexOf(',', StringComparison.Ordinal);
        string name = (comma < 0 ? text : text[..comma]).Trim();
        string version = comma < 0 ? Latest : text[(comma + 1)..].Trim();
        if (!Names().IsMatch(name))
        {
            Throw.Package($"#r \"nuget:{text}\": {(name.Length == 0 ? "no package is named" : $"{name} is no package's name")}; write #r \"nuget: Some.Package, 1.2.3\"");
        }

        if (!Versions().IsMatch(version))
        {
            Throw.Package(
                $"#r \"nuget:{text}\": {(version.Length == 0 ? "no version follows the comma" : $"{version} is no version")}; "
                + "write 1.2.3, [1.2.3] for exactly that, 1.* for the latest 1, or leave it out for the latest stable one");
        }

        return new PackageRequest(name, version);
    }

    /// <summary>Whether it asks for the same; neither names nor versions know upper and lower case.</summary>
    public bool Equals(PackageRequest? other) =>
        other is not null
        && Name.Equals(other.Name, StringComparison.OrdinalIgnoreCase)
        && Version.Equals(other.Version, StringComparison.OrdinalIgnoreCase);

    /// <inheritdoc/>
    public override int GetHashCode() =>
        HashCode.Combine(StringComparer.OrdinalIgnoreCase.GetHashCode(Name), StringComparer.OrdinalIgnoreCase.GetHashCode(Version));

    /// <inheritdoc/>
    public override string ToString() => Version == Latest ? Name : $"{Name} {Version}";

    [GeneratedRegex(@"^[A-Za-z0-9_](?:[A-Za-z0-9_.-]{0,98}[A-Za-z0-9_])?$")]
    private static partial Regex Names();

    [GeneratedRegex(@"^(?:\*(?:-\*)?|\d[0-9A-Za-z.*+-]*|[\[(][0-9A-Za-z.*+-]*(?:,[ 0-9A-Za-z.*+-]*)?[\])])$")]
    private static partial Regex Versions();
}
