using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Text;

namespace TensorCell.Jupyter.CSharp;

/// <summary>
/// Mirrors a session's chain of cells as the documents that Roslyn's editor services work on. Costs nothing until it is first asked.
/// </summary>
internal sealed class CodeWorkspace : IDisposable
{
    private static readonly CSharpParseOptions parseOptions =
        new(LanguageVersion.Latest, DocumentationMode.Parse, SourceCodeKind.Script);

    private readonly Lock gate = new();
    private readonly Dictionary<CSharpCompilation, ProjectId> projects = new(ReferenceEqualityComparer.Instance);
    private readonly Lazy<AdhocWorkspace> workspace = new(() => new AdhocWorkspace());
    private Solution? solution;

    /// <summary>A document with code that would follow the last cell of a chain.</summary>
    /// <param name="code">The code.</param>
    /// <param name="options">How the code would be compiled.</param>
    /// <param name="last">The last cell; null for an empty session.</param>
    public Document Open(string code, CSharpCompilationOptions options, CSharpCompilation? last)
    {
        lock (gate)
        {
            solution ??= workspace.Value.CurrentSolution;
            ProjectId? previous = Mirror(last);
            ProjectId id = ProjectId.CreateNewId();
            Solution forked = Add(solution, id, SourceText.From(code), options, last is null ? PlatformReferences.All : [], previous);
            return forked.GetProject(id)!.Documents.Single();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (workspace.IsValueCreated)
        {
            workspace.Value.Dispose();
        }
    }

    private static Solution Add(
        Solution solution, ProjectId id, SourceText text, CSharpCompilationOptions options, IEnumerable<MetadataReference> references, ProjectId? previous)
    {
        string name = options.ScriptClassName ?? "cell";
        return solution
            .AddProject(ProjectInfo.Create(
                id,
                VersionStamp.Create(),
                name,
                name,
                LanguageNames.CSharp,
                compilationOptions: options,
                parseOptions: parseOptions,
                projectReferences: previous is null ? [] : [new ProjectReference(previous)],
                metadataReferences: references,
                isSubmission: true))
            .AddDocument(DocumentInfo.Create(
                DocumentId.CreateNewId(id),
                name,
                sourceCodeKind: SourceCodeKind.Script,
                loader: TextLoader.From(TextAndVersion.Create(text, VersionStamp.Create()))));
    }

    private ProjectId? Mirror(CSharpCompilation? last)
    {
        var missing = new Stack<CSharpCompilation>();
        CSharpCompilation? cell = last;
        for (; cell is not null && !projects.ContainsKey(cell); cell = cell.ScriptCompilationInfo?.PreviousScriptCompilation)
        {
            missing.Push(cell);
        }

        ProjectId? previous = cell is null ? null : projects[cell];
        foreach (CSharpCompilation next in missing)
        {
            ProjectId id = ProjectId.CreateNewId();
            solution = Add(
                solution!, id, next.SyntaxTrees.First().GetText(), next.Options, next.ExternalReferences, previous);
            projects.Add(next, id);
            previous = id;
        }

        return previous;
    }
}
