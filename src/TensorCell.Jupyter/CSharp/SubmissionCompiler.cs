using System.Reflection;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Emit;
using Microsoft.CodeAnalysis.Scripting;
using Microsoft.CodeAnalysis.Text;
using TensorCell.Interactive;

namespace TensorCell.Jupyter.CSharp;

/// <summary>Compiles cells with optimisation and checks woven in, and loads them.</summary>
internal sealed class SubmissionCompiler(IReadOnlyList<string> usings)
{
    private static readonly CSharpParseOptions parseOptions =
        new(LanguageVersion.Latest, DocumentationMode.None, SourceCodeKind.Script);

    private static int compilers;

    private readonly int number = Interlocked.Increment(ref compilers);
    private int submissions;

    /// <summary>Where the compiled cells live.</summary>
    public SubmissionLoader Loader { get; } = new();

    /// <summary>The syntax tree of a cell, named as stack traces call it.</summary>
    public static SyntaxTree Parse(string code, string path, CancellationToken cancellation) =>
        CSharpSyntaxTree.ParseText(SourceText.From(code, Encoding.UTF8), parseOptions, path, cancellation);

    /// <summary>A compilation of a cell that follows another; references and usings come down the chain from the first.</summary>
    public CSharpCompilation Chain(SyntaxTree tree, CSharpCompilation? previous)
    {
        int submission = Interlocked.Increment(ref submissions);
        return CSharpCompilation.CreateScriptCompilation(
            $"Cell-{number}-{submission}",
            tree,
            previous is null ? PlatformReferences.All : [],
            Options(submission, previous is null),
            previous,
            returnType: typeof(object));
    }

    /// <summary>How a cell is compiled.</summary>
    /// <param name="submission">Its number.</param>
    /// <param name="isFirst">Whether it is the first of its chain, which brings the usings of all.</param>
    public CSharpCompilationOptions Options(int submission, bool isFirst) =>
        new(
            OutputKind.DynamicallyLinkedLibrary,
            scriptClassName: $"Submission#{submission}",
            usings: isFirst ? usings : [],
            optimizationLevel: OptimizationLevel.Release,
            allowUnsafe: true,
            nullableContextOptions: NullableContextOptions.Annotations,
            metadataReferenceResolver: ScriptMetadataResolver.Default.WithBaseDirectory(Environment.CurrentDirectory),
            sourceReferenceResolver: ScriptSourceResolver.Default.WithBaseDirectory(Environment.CurrentDirectory));

    /// <summary>Compiles and loads a cell.</summary>
    /// <param name="code">The cell.</param>
    /// <param name="path">What stack traces call it.</param>
    /// <param name="previous">The cell it follows.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="CodeException">It does not compile.</exception>
    public Submission Compile(string code, string path, CSharpCompilation? previous, CancellationToken cancellation)
    {
        SyntaxTree tree = Parse(code, path, cancellation);
        RefusePackages(tree);
        if (HasErrors(tree.GetDiagnostics(cancellation)))
        {
            throw new CodeException(CellDiagnostics.Describe(tree.GetDiagnostics(cancellation)));
        }

        CSharpCompilation compilation = Chain(tree, previous);
        SemanticModel model = compilation.GetSemanticModel(tree);
        if (tree.GetCompilationUnitRoot(cancellation).Members.Count == 0)
        {
            if (HasErrors(compilation.GetDiagnostics(cancellation)))
            {
                throw new CodeException(CellDiagnostics.Describe(compilation.GetDiagnostics(cancellation)));
            }

            AddReferences(compilation);
            return new Submission(compilation, tree, model, null, false);
        }

        CSharpCompilation woven = Weaver.Concerns(tree.GetRoot(cancellation))
            ? compilation.ReplaceSyntaxTree(tree, Parse(Weaver.Weave(model, cancellation), path, cancellation))
            : compilation;
        using var assembly = new MemoryStream();
        using var symbols = new MemoryStream();
        EmitResult result = Emit(woven, assembly, symbols, cancellation);
        if (!result.Success)
        {
            // Only the code as written is blamed; should it be fine, it runs as written.
            if (woven == compilation || HasErrors(compilation.GetDiagnostics(cancellation)))
            {
                throw new CodeException(CellDiagnostics.Describe(compilation.GetDiagnostics(cancellation)));
            }

            woven = compilation;
            result = Emit(woven, assembly, symbols, cancellation);
            if (!result.Success)
            {
                throw new CodeException(CellDiagnostics.Describe(result.Diagnostics));
            }
        }

        AddReferences(woven);
        return new Submission(woven, tree, model, Load(woven, assembly, symbols, tree), HasValue(model, tree));
    }

    private static EmitResult Emit(
        CSharpCompilation compilation, MemoryStream assembly, MemoryStream symbols, CancellationToken cancellation)
    {
        assembly.SetLength(0);
        symbols.SetLength(0);
        return compilation.Emit(
            assembly,
            symbols,
            options: new EmitOptions(debugInformationFormat: DebugInformationFormat.PortablePdb),
            cancellationToken: cancellation);
    }

    private static bool HasErrors(IEnumerable<Diagnostic> diagnostics) =>
        diagnostics.Any(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);

    private static bool HasValue(SemanticModel model, SyntaxTree tree) =>
        tree.GetCompilationUnitRoot().Members.LastOrDefault()
            is GlobalStatementSyntax { Statement: ExpressionStatementSyntax { SemicolonToken.IsMissing: true } last }
        && model.GetTypeInfo(last.Expression).ConvertedType is { SpecialType: not SpecialType.System_Void };

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

    private void AddReferences(CSharpCompilation compilation)
    {
        foreach (PortableExecutableReference reference in compilation.DirectiveReferences.OfType<PortableExecutableReference>())
        {
            Loader.AddFile(reference.FilePath!);
        }
    }

    private Func<object?[], Task<object?>> Load(
        CSharpCompilation compilation, MemoryStream assembly, MemoryStream symbols, SyntaxTree tree)
    {
        IMethodSymbol entry = compilation.GetEntryPoint(CancellationToken.None)!;
        return Loader.Load(assembly, symbols, tree)
            .GetType(entry.ContainingType.MetadataName, throwOnError: true)!
            .GetMethod(entry.MetadataName, BindingFlags.Static | BindingFlags.NonPublic | BindingFlags.Public)!
            .CreateDelegate<Func<object?[], Task<object?>>>();
    }
}
