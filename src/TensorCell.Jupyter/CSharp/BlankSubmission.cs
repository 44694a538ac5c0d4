using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace TensorCell.Jupyter.CSharp;

/// <summary>The place of a cell that has no code yet, its references bound ahead of time.</summary>
/// <param name="previous">The cell it will follow; null for none.</param>
/// <param name="nothing">The tree to be replaced by the cell's own.</param>
/// <param name="chain">Makes a compilation of a tree that follows a cell.</param>
internal sealed class BlankSubmission(
    CSharpCompilation? previous, SyntaxTree nothing, Func<SyntaxTree, CSharpCompilation?, CSharpCompilation> chain)
{
    private readonly Lazy<CSharpCompilation> compilation = new(() =>
    {
        CSharpCompilation blank = chain(nothing, previous);

        // What replaces the tree takes the bound references over.
        _ = blank.GetSpecialType(SpecialType.System_Object);
        return blank;
    });

    /// <summary>The cell it will follow; null for none.</summary>
    public CSharpCompilation? Previous => previous;

    /// <summary>The compilation; waits for it, or makes it when nothing has begun to.</summary>
    public CSharpCompilation Compilation => compilation.Value;

    /// <summary>Makes the compilation in the background.</summary>
    public void Begin() => Task.Run(() => compilation.Value);
}
