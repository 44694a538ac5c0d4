using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace TensorCell.Jupyter.CSharp;

/// <summary>The assemblies every cell can use: the .NET runtime's own and TensorCell's.</summary>
internal static class PlatformReferences
{
    private static readonly Lazy<ImmutableArray<MetadataReference>> all = new(Load);

    /// <summary>Read once per process; given to the first submission of each session.</summary>
    public static ImmutableArray<MetadataReference> All => all.Value;

    /// <summary>The files that the host loads assemblies from.</summary>
    public static IEnumerable<string> TrustedFiles { get; } =
        (AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES") as string ?? "")
        .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);

    private static ImmutableArray<MetadataReference> Load()
    {
        string runtime = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
        return
        [
            .. TrustedFiles
                .Where(file => Path.GetDirectoryName(file) == runtime || IsOurs(Path.GetFileNameWithoutExtension(file)))
                .Select(file => (MetadataReference)MetadataReference.CreateFromFile(
                    file, documentation: new XmlDocumentation(file))),
        ];
    }

    private static bool IsOurs(string name) =>
        name.StartsWith("TensorCell.", StringComparison.Ordinal)
        || name is "tensorcell" or "Microsoft.DotNet.Interactive.Formatting" or "Microsoft.AspNetCore.Html.Abstractions";
}
