using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Emit;

namespace TensorCell.Jupyter.CSharp;

/// <summary>A compiled cell, or why it could not be compiled.</summary>
/// <remarks>
/// Debugging information takes a fifth of the time of a short cell. Where only the host will ever ask for it, because neither a
/// function nor a handler of exceptions stands in the cell, it is made when the cell fails; instructions are the same either way.
/// </remarks>
internal sealed class CellImage
{
    private readonly Lazy<ImmutableArray<byte>> lines;

    private CellImage(
        SyntaxTree tree, MemoryStream assembly, MemoryStream? symbols, ImmutableArray<Diagnostic> failures,
        Func<ImmutableArray<byte>> describeLines)
    {
        Tree = tree;
        Assembly = assembly;
        Symbols = symbols;
        Failures = failures;
        lines = new Lazy<ImmutableArray<byte>>(describeLines);
    }

    /// <summary>The cell as written.</summary>
    public SyntaxTree Tree { get; }

    /// <summary>What to load.</summary>
    public MemoryStream Assembly { get; }

    /// <summary>The portable PDB to load with it; null when it is made only on demand.</summary>
    public MemoryStream? Symbols { get; }

    /// <summary>Why there is no assembly; empty when there is one.</summary>
    public ImmutableArray<Diagnostic> Failures { get; }

    /// <summary>The portable PDB; made when it is first asked for.</summary>
    public ImmutableArray<byte> Lines => lines.Value;

    /// <summary>Compiles a cell.</summary>
    /// <param name="compilation">The cell, perhaps woven.</param>
    /// <param name="tree">The cell as written.</param>
    /// <param name="cancellation">Gives up.</param>
    public static CellImage Emit(CSharpCompilation compilation, SyntaxTree tree, CancellationToken cancellation)
    {
        var assembly = new MemoryStream();
        MemoryStream? symbols = IsPlain(tree) ? null : new MemoryStream();
        EmitResult result = Emit(compilation, assembly, symbols, cancellation);
        assembly.Position = 0;
        return new CellImage(
            tree,
            assembly,
            symbols,
            result.Success ? [] : result.Diagnostics,
            () => ImmutableCollectionsMarshal.AsImmutableArray((symbols ?? EmitSymbols(compilation)).ToArray()));
    }

    /// <summary>Whether all is straight code, whose frames only the host can see.</summary>
    private static bool IsPlain(SyntaxTree tree)
    {
        CompilationUnitSyntax root = tree.GetCompilationUnitRoot();
        return root.Members.All(member => member is GlobalStatementSyntax or FieldDeclarationSyntax)
            && !Weaver.Concerns(root)
            && !root.DescendantNodes().Any(node => node is TryStatementSyntax or QueryExpressionSyntax);
    }

    private static MemoryStream EmitSymbols(CSharpCompilation compilation)
    {
        using var assembly = new MemoryStream();
        var symbols = new MemoryStream();
        Emit(compilation, assembly, symbols, CancellationToken.None);
        return symbols;
    }

    private static EmitResult Emit(
        CSharpCompilation compilation, MemoryStream assembly, MemoryStream? symbols, CancellationToken cancellation) =>
        compilation.Emit(
            assembly,
            symbols,
            options: new EmitOptions(debugInformationFormat: DebugInformationFormat.PortablePdb),
            cancellationToken: cancellation);
}
