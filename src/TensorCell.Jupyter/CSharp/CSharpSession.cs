using System.Reflection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Emit;
using Microsoft.CodeAnalysis.Scripting;
using Microsoft.CodeAnalysis.Text;
using TensorCell.Interactive;

namespace TensorCell.Jupyter.CSharp;

/// <summary>
/// A chain of C# cells: each sees the variables, types, methods and usings of those before. Compiles with optimisation on.
/// Not thread-safe: one cell at a time.
/// </summary>
internal sealed class CSharpSession
{
    private static readonly CSharpParseOptions parseOptions =
        new(LanguageVersion.Latest, DocumentationMode.None, SourceCodeKind.Script);

    private static int sessions;

    private readonly int session = Interlocked.Increment(ref sessions);
    private readonly SubmissionLoader loader = new();
    private readonly List<string> usings;
    private object?[] states = new object?[16];
    private int stateCount = 1;
    private int submissionCount;
    private CSharpCompilation? last;

    /// <summary>An empty session whose cells see the namespaces of <paramref name="usings"/>.</summary>
    public CSharpSession(IEnumerable<string> usings) => this.usings = [.. usings];

    /// <summary>The session's variables, oldest declaration first; a name declared again hides the earlier one.</summary>
    public IReadOnlyList<(string Name, Type Type, object? Value)> Variables
    {
        get
        {
            var variables = new Dictionary<string, (string, Type, object?)>();
            for (int slot = 1; slot < stateCount; slot++)
            {
                if (states[slot] is not { } state)
                {
                    continue;
                }

                foreach (FieldInfo variable in VariablesOf(state.GetType()))
                {
                    variables.Remove(variable.Name);
                    variables.Add(variable.Name, (variable.Name, variable.FieldType, variable.GetValue(state)));
                }
            }

            return [.. variables.Values];
        }
    }

    /// <summary>Compiles a cell to follow those that ran.</summary>
    /// <param name="code">The cell.</param>
    /// <param name="path">What stack traces call it, such as <c>cell 3</c>.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="CodeException">It does not compile.</exception>
    public Submission Compile(string code, string path, CancellationToken cancellation = default)
    {
        SyntaxTree tree = CSharpSyntaxTree.ParseText(
            SourceText.From(code, System.Text.Encoding.UTF8), parseOptions, path, cancellation);
        RefusePackages(tree);
        CSharpCompilation compilation = Chain(tree);
        if (tree.GetCompilationUnitRoot().Members.Count == 0)
        {
            return compilation.GetDiagnostics(cancellation).Any(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error)
                ? throw new CodeException(CellDiagnostics.Describe(compilation.GetDiagnostics(cancellation)))
                : new Submission(compilation, _ => Task.FromResult<object?>(null), false, code);
        }

        using var assembly = new MemoryStream();
        using var symbols = new MemoryStream();
        EmitResult result = compilation.Emit(
            assembly, symbols, options: new EmitOptions(debugInformationFormat: DebugInformationFormat.PortablePdb),
            cancellationToken: cancellation);
        if (!result.Success)
        {
            throw new CodeException(CellDiagnostics.Describe(result.Diagnostics));
        }

        foreach (MetadataReference reference in compilation.DirectiveReferences)
        {
            if (reference is PortableExecutableReference { FilePath: { } file })
            {
                loader.AddFile(file);
            }
        }

        assembly.Position = 0;
        symbols.Position = 0;
        IMethodSymbol entry = compilation.GetEntryPoint(cancellation)!;
        MethodInfo factory = loader.Load(assembly, symbols)
            .GetType(entry.ContainingType.MetadataName)!
            .GetMethod(entry.MetadataName, BindingFlags.Static | BindingFlags.NonPublic | BindingFlags.Public)!;
        return new Submission(
            compilation, factory.CreateDelegate<Func<object?[], Task<object?>>>(), HasValue(compilation, tree), code);
    }

    /// <summary>Runs a compiled cell; its variables stay, even those it assigned before it failed.</summary>
    public async Task<object?> RunAsync(Submission submission)
    {
        if (stateCount + 1 >= states.Length)
        {
            Array.Resize(ref states, states.Length * 2);
        }

        last = submission.Compilation;
        Task<object?> running;
        try
        {
            running = submission.Factory(states);
        }
        finally
        {
            while (states[stateCount] is not null)
            {
                stateCount++;
            }
        }

        return await running;
    }

    private static IEnumerable<FieldInfo> VariablesOf(Type submission) =>
        submission.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly)
            .Where(variable => !variable.Name.Contains('<'));

    private static bool HasValue(CSharpCompilation compilation, SyntaxTree tree) =>
        tree.GetCompilationUnitRoot().Members.LastOrDefault()
            is GlobalStatementSyntax { Statement: ExpressionStatementSyntax { SemicolonToken.IsMissing: true } last }
        && compilation.GetSemanticModel(tree).GetTypeInfo(last.Expression).ConvertedType
            is { SpecialType: not SpecialType.System_Void };

    private static void RefusePackages(SyntaxTree tree)
    {
        foreach (ReferenceDirectiveTriviaSyntax directive in tree.GetCompilationUnitRoot().GetReferenceDirectives())
        {
            if (directive.File.ValueText.StartsWith("nuget:", StringComparison.OrdinalIgnoreCase))
            {
                throw new CodeException(
                    $"#r \"{directive.File.ValueText}\": this version restores no packages; "
                    + "reference the package's assembly by its path: #r \"/path/to/Library.dll\"");
            }
        }
    }

    private CSharpCompilation Chain(SyntaxTree tree)
    {
        int number = ++submissionCount;
        return CSharpCompilation.CreateScriptCompilation(
            $"Cell-{session}-{number}",
            tree,
            last is null ? PlatformReferences.All : [],
            new CSharpCompilationOptions(
                OutputKind.DynamicallyLinkedLibrary,
                scriptClassName: $"Submission#{number}",
                usings: last is null ? usings : [],
                optimizationLevel: OptimizationLevel.Release,
                allowUnsafe: true,
                nullableContextOptions: NullableContextOptions.Annotations,
                metadataReferenceResolver: ScriptMetadataResolver.Default.WithBaseDirectory(Environment.CurrentDirectory),
                sourceReferenceResolver: ScriptSourceResolver.Default.WithBaseDirectory(Environment.CurrentDirectory)),
            last,
            returnType: typeof(object));
    }
}
