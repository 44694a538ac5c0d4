using System.Collections.Concurrent;
using System.Xml.Linq;

namespace TensorCell.Jupyter.CSharp;

/// <summary>
/// The documentation of .NET itself, in the SDK's reference packs. Its files are named for the reference assemblies, not for those
/// that hold the code, so the first question reads which file tells of which type.
/// </summary>
internal static class PackDocumentation
{
    private const string TypeMember = "<member name=\"T:";

    private static readonly Lazy<Dictionary<string, string>> files = new(Index);
    private static readonly ConcurrentDictionary<string, Dictionary<string, string>> read = new();

    /// <summary>The XML that documents a member; null when the SDK is not installed or has none.</summary>
    public static string? Find(string documentationId)
    {
        string name = documentationId[2..].Split('(')[0];
        for (string owner = name; owner.Length > 0; owner = owner.LastIndexOf('.') is >= 0 and int dot ? owner[..dot] : "")
        {
            if (files.Value.TryGetValue(owner, out string? file))
            {
                return read.GetOrAdd(file, Read).GetValueOrDefault(documentationId);
            }
        }

        return null;
    }

    private static Dictionary<string, string> Read(string file) =>
        XDocument.Load(file).Descendants("member")
            .Where(member => member.Attribute("name") is not null)
            .GroupBy(member => member.Attribute("name")!.Value)
            .ToDictionary(group => group.Key, group => string.Concat(group.First().Nodes()));

    private static Dictionary<string, string> Index()
    {
        var index = new Dictionary<string, string>();
        string runtime = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
        var packs = new DirectoryInfo(Path.GetFullPath(Path.Combine(runtime, "../../../packs")));
        if (!packs.Exists)
        {
            return index;
        }

        foreach (string file in packs.EnumerateDirectories("Microsoft.NETCore.App.Ref")
            .SelectMany(pack => pack.EnumerateDirectories().OrderByDescending(version => version.Name, StringComparer.Ordinal).Take(1))
            .SelectMany(version => Directory.EnumerateFiles(version.FullName, "*.xml", SearchOption.AllDirectories)))
        {
            foreach (string line in File.ReadLines(file))
            {
                int start = line.IndexOf(TypeMember, StringComparison.Ordinal);
                if (start >= 0)
                {
                    start += TypeMember.Length;
                    index.TryAdd(line[start..line.IndexOf('"', start)], file);
                }
            }
        }

        return index;
    }
}
