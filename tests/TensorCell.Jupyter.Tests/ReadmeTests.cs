using System.Text.RegularExpressions;
using TensorCell.Inference;
using TensorCell.Interactive.Magics;
using TensorCell.Jupyter.Sessions;

namespace TensorCell.Jupyter.Tests;

/// <summary>What README.md shows is what the product does.</summary>
public sealed partial class ReadmeTests
{
    private static readonly string text = File.ReadAllText(Path.Combine(Repository.Root, "README.md"));

    public static TheoryData<string> Snippets => [.. Fences().Matches(text).Select(match => match.Groups[1].Value)];

    [Theory]
    [MemberData(nameof(Snippets))]
    public async Task EverySnippetRuns(string code)
    {
        await using var session = new NotebookSession();
        var output = new SessionRecorder();
        using var directory = new TemporaryDirectory();
        var rooted = code.Replace("\"notebooks/", $"\"{Repository.Root}/notebooks/", StringComparison.Ordinal)
            .Replace("\"model.", $"\"{directory.Path}/model.", StringComparison.Ordinal);

        var outcome = await session.ExecuteAsync(rooted, output, silent: false, TestContext.Current.CancellationToken);

        Assert.SkipWhen(outcome.Error?.Name == nameof(OnnxRuntimeMissingException), "the build had no npm to fetch ONNX Runtime with");
        Assert.True(outcome.Succeeded, outcome.Error?.Message);
        Assert.NotNull(output.Value);
    }

    [Fact]
    public void TheMagicsTableListsEveryMagicWithItsDescription() =>
        Assert.Equal(
            MagicRegistry.Default.Declarations.Select(magic => $"| `#!{magic.Name}` | {magic.Description} |"),
            text.Split('\n').Where(line => line.StartsWith("| `#!", StringComparison.Ordinal)));

    [Fact]
    public void EveryFileItLinksToExists() =>
        Assert.All(
            Links().Matches(text).Select(match => match.Groups[1].Value),
            path => Assert.True(File.Exists(Path.Combine(Repository.Root, path)), path));

    [GeneratedRegex("```csharp\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Fences();

    [GeneratedRegex(@"\]\(([^)#:]+)\)")]
    private static partial Regex Links();
}
