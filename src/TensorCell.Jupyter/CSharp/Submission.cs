using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace TensorCell.Jupyter.CSharp;

/// <summary>One compiled and loaded cell of a session.</summary>
/// <param name="Compilation">What was compiled, which the next cell chains on.</param>
/// <param name="Tree">The code as the user wrote it, in <paramref name="Model"/>.</param>
/// <param name="Model">What the names in it mean.</param>
/// <param name="Factory">
/// Runs it over the states of the cells before, and puts its own after them; null when there is nothing to run.
/// </param>
/// <param name="HasValue">Whether it ends in an expression to show.</param>
internal sealed record Submission(
    CSharpCompilation Compilation,
    SyntaxTree Tree,
    SemanticModel Model,
    Func<object?[], Task<object?>>? Factory,
    bool HasValue);
