using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace TensorCell.Jupyter.CSharp;

/// <summary>One compiled and loaded cell of a session.</summary>
/// <param name="Compilation">What was compiled, which the next cell chains on.</param>
/// <param name="Tree">The code as the user wrote it, in <paramref name="Model"/>.</param>
/// <param name="Model">What the names in it mean.</param>
/// <param name="Factory">
/// Runs it over the states of the cells before, and puts its own after them; null when there is nothing to run.
/// </param>
internal sealed record Submission(
    CSharpCompilation Compilation,
    SyntaxTree Tree,
    SemanticModel Model,
    Func<object?[], Task<object?>>? Factory)
{
    /// <summary>Whether it ends in an expression to show, even when that is null.</summary>
    public bool HasValue =>
        Tree.GetCompilationUnitRoot().Members.LastOrDefault()
            is GlobalStatementSyntax { Statement: ExpressionStatementSyntax { SemicolonToken.IsMissing: true } last }
        && Model.GetTypeInfo(last.Expression).ConvertedType is { SpecialType: not SpecialType.System_Void };
}
