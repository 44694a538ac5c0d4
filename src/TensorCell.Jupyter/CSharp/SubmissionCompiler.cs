using System.Reflection;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Scripting;
using Microsoft.CodeAnalysis.Text;
using TensorCell.Interactive;

namespace TensorCell.Jupyter.CSharp;

/// <summary>Compiles cells with optimisation and checks woven in, and loads them.</summary>
internal sealed class SubmissionCompiler(IReadOnlyList<string> usings)
{
    /// <summary>Cells up to this many characters compile sooner on one core than handed around.</summary>
    private const int LongestSerial = 4000;

    private static readonly CSharpParseOptions parseOptions =
        new(LanguageVersion.Latest, DocumentationMode.None, SourceCodeKind.Script);

    private static readonly SyntaxTree nothing = Parse("", "", CancellationToken.None);

    private static int compilers;

    private readonly int number = Interlocked.Increment(ref compilers);
    private int submissions;
    private BlankSubmission? blank;

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
            Options(submission, previous is null, allowsUnsafe: false),
            previous,
            returnType: typeof(object));
    }

    /// <summary>Begins in the background what can be done for the next cell before its code is known, unless that was done.</summary>
    /// <param name="previous">The cell it will follow.</param>
    public void Anticipate(CSharpCompilation? previous)
    {
        if (Volatile.Read(ref blank) is not { } known || known.Previous != previous)
        {
            var next = new BlankSubmission(previous, nothing, Chain);
            Volatile.Write(ref blank, next);
            next.Begin();
        }
    }

    /// <summary>How a cell is compiled.</summary>
    /// <param name="submission">Its number.</param>
    /// <param name="isFirst">Whether it is the first of its chain, which brings the usings of all.</param>
    /// <param name="allowsUnsafe">Whether it may be unsafe; the attributes that say so of an assembly take a while to look up.</param>
    public CSharpCompilationOptions Options(int submission, bool isFirst, bool allowsUnsafe) =>
        new(
            OutputKind.DynamicallyLinkedLibrary,
            scriptClassName: $"Submission#{submission}",
            usings: isFirst ? usings : [],
            optimizationLevel: OptimizationLevel.Release,
            allowUnsafe: allowsUnsafe,
            concurrentBuild: false,
            nullableContextOptions: NullableContextOptions.Annotations,
            metadataReferenceResolver: new CellReferenceResolver(Environment.CurrentDirectory),
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
        if (HasErrors(tree.GetDiagnostics(cancellation)))
        {
            Throw.Code(CellDiagnostics.Describe(tree.GetDiagnostics(cancellation)));
        }

        CSharpCompilation compilation = Place(tree, previous);
        if (code.Length > LongestSerial || MayBeUnsafe(code))
        {
            compilation = compilation.WithOptions(
                compilation.Options.WithConcurrentBuild(code.Length > LongestSerial).WithAllowUnsafe(MayBeUnsafe(code)));
        }

        SemanticModel model = compilation.GetSemanticModel(tree);
        if (tree.GetCompilationUnitRoot(cancellation).Members.Count == 0)
        {
            if (HasErrors(compilation.GetDiagnostics(cancellation)))
            {
                Throw.Code(CellDiagnostics.Describe(compilation.GetDiagnostics(cancellation), model));
            }

            AddReferences(compilation);
            return new Submission(compilation, tree, model, null);
        }

        bool isWoven = Weaver.Concerns(tree.GetRoot(cancellation));
        CSharpCompilation woven = isWoven
            ? compilation.ReplaceSyntaxTree(tree, Parse(Weaver.Weave(model, cancellation), path, cancellation))
            : compilation;

        // While this thread compiles, another has nothing to do yet; once the cell has run, the answer would have to share with it.
        Anticipate(woven);
        CellImage image = CellImage.Emit(woven, tree, cancellation);
        if (image.Failures.Length > 0)
        {
            // Only the code as written is blamed; should it be fine, it runs as written.
            if (!isWoven || HasErrors(compilation.GetDiagnostics(cancellation)))
            {
                Throw.Code(CellDiagnostics.Describe(compilation.GetDiagnostics(cancellation), model));
            }

            woven = compilation;
            image = CellImage.Emit(woven, tree, cancellation);
            if (image.Failures.Length > 0)
            {
                Throw.Code(CellDiagnostics.Describe(image.Failures));
            }
        }

        AddReferences(woven);
        return new Submission(woven, tree, model, Load(woven, image));
    }

    /// <summary>A cell without code, which makes assemblies known to those that follow it.</summary>
    /// <param name="files">The assemblies.</param>
    /// <param name="previous">The cell it follows.</param>
    /// <exception cref="CodeException">One cannot be referred to; no cell after it would compile.</exception>
    public Submission Refer(IEnumerable<string> files, CSharpCompilation? previous)
    {
        CSharpCompilation compilation = Chain(nothing, previous).AddReferences(
            files.Select(file => MetadataReference.CreateFromFile(file, documentation: new XmlDocumentation(file))));
        if (HasErrors(compilation.GetDiagnostics()))
        {
            Throw.Code(CellDiagnostics.Describe(compilation.GetDiagnostics()));
        }

        return new Submission(compilation, nothing, compilation.GetSemanticModel(nothing), null);
    }

    private static bool MayBeUnsafe(string code) =>
        code.Contains("unsafe", StringComparison.Ordinal) || code.Contains("SkipLocalsInit", StringComparison.Ordinal);

    private static bool HasErrors(IEnumerable<Diagnostic> diagnostics) =>
        diagnostics.Any(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);

    private void AddReferences(CSharpCompilation compilation)
    {
        foreach (PortableExecutableReference reference in compilation.DirectiveReferences.OfType<PortableExecutableReference>())
        {
            Loader.AddFile(reference.FilePath!);
        }
    }

    /// <summary>The compilation of a cell, by what was anticipated where that fits.</summary>
    private CSharpCompilation Place(SyntaxTree tree, CSharpCompilation? previous)
    {
        // References are resolved against the directory that is current now.
        bool hasReferences = tree.GetCompilationUnitRoot().ContainsDirectives;
        return Interlocked.Exchange(ref blank, null) is { } next && next.Previous == previous && !hasReferences
            ? next.Compilation.ReplaceSyntaxTree(nothing, tree)
            : Chain(tree, previous);
    }

    private Func<object?[], Task<object?>> Load(CSharpCompilation compilation, CellImage image)
    {
        IMethodSymbol entry = compilation.GetEntryPoint(CancellationToken.None)!;
        return Loader.Load(image)
            .GetType(entry.ContainingType.MetadataName, throwOnError: true)!
            .GetMethod(entry.MetadataName, BindingFlags.Static | BindingFlags.NonPublic | BindingFlags.Public)!
            .CreateDelegate<Func<object?[], Task<object?>>>();
    }
}
