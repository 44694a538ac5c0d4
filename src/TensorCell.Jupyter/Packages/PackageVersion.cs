using System.Globalization;

namespace TensorCell.Jupyter.Packages;

/// <summary>A version of a package, ordered as NuGet orders them.</summary>
internal sealed class PackageVersion : IComparable<PackageVersion>
{
    private readonly int[] numbers;
    private readonly string[] prerelease;

    private PackageVersion(int[] numbers, string[] prerelease)
    {
        this.numbers = numbers;
        this.prerelease = prerelease;
    }

    /// <summary>Reads <c>1.2.3-beta.1+build</c>; what is missing, or no number, counts as 0.</summary>
    public static PackageVersion Parse(string text)
    {
        string[] parts = text.Split('+')[0].Split('-', 2);
        int[] numbers = new int[4];
        string[] given = parts[0].Split('.');
        for (int i = 0; i < Math.Min(4, given.Length); i++)
        {
            _ = int.TryParse(given[i], NumberStyles.None, CultureInfo.InvariantCulture, out numbers[i]);
        }

        return new PackageVersion(numbers, parts.Length > 1 ? parts[1].Split('.') : []);
    }

    /// <summary>Whether a version is one that is asked for.</summary>
    /// <param name="version">The version, such as <c>1.2.3</c>.</param>
    /// <param name="wanted">What is asked for: <c>*</c>, <c>1.*</c>, <c>1.2.3</c> for at least that, <c>[1.2.3]</c> for that, or a range.</param>
    public static bool Fits(string version, string wanted)
    {
        PackageVersion found = Parse(version);
        if (wanted.StartsWith('*'))
        {
            return true;
        }

        if (wanted[0] is not ('[' or '('))
        {
            return wanted.Contains('*') ? IsFound(version, found, wanted[..wanted.IndexOf('*', StringComparison.Ordinal)]) : found.CompareTo(Parse(wanted)) >= 0;
        }

        string[] ends = wanted[1..^1].Split(',', StringSplitOptions.TrimEntries);
        int least = ends[0].Length == 0 ? 1 : found.CompareTo(Parse(ends[0]));
        int most = ends[^1].Length == 0 ? -1 : found.CompareTo(Parse(ends[^1]));
        return (wanted[0] == '[' ? least >= 0 : least > 0) && (wanted[^1] == ']' ? most <= 0 : most < 0);
    }

    /// <summary>Whether a version begins as is wanted; to one that is wanted before its release, the release is the last such.</summary>
    private static bool IsFound(string version, PackageVersion found, string start) =>
        (version + ".").StartsWith(start, StringComparison.OrdinalIgnoreCase)
        || (start.Contains('-') && found.prerelease.Length == 0 && found.numbers.AsSpan().SequenceEqual(Parse(start).numbers));

    /// <inheritdoc/>
    public int CompareTo(PackageVersion? other)
    {
        if (other is null)
        {
            return 1;
        }

        int order = numbers.AsSpan().SequenceCompareTo(other.numbers);
        if (order != 0 || prerelease.Length == 0 || other.prerelease.Length == 0)
        {
            return order != 0 ? order : (prerelease.Length == 0 ? 1 : 0) - (other.prerelease.Length == 0 ? 1 : 0);
        }

        for (int i = 0; i < Math.Min(prerelease.Length, other.prerelease.Length); i++)
        {
            bool isNumber = int.TryParse(prerelease[i], NumberStyles.None, CultureInfo.InvariantCulture, out int number);
            bool isOtherNumber = int.TryParse(other.prerelease[i], NumberStyles.None, CultureInfo.InvariantCulture, out int otherNumber);
            order = isNumber && isOtherNumber ? number.CompareTo(otherNumber)
                : isNumber != isOtherNumber ? (isNumber ? -1 : 1)
                : string.Compare(prerelease[i], other.prerelease[i], StringComparison.OrdinalIgnoreCase);
            if (order != 0)
            {
                return order;
            }
        }

        return prerelease.Length.CompareTo(other.prerelease.Length);
    }
}
