using Microsoft.CodeAnalysis.CSharp;

namespace TensorCell.Jupyter.CSharp;

/// <summary>One compiled and loaded cell of a session.</summary>
/// <param name="Compilation">What it was compiled from, which the next cell chains on.</param>
/// <param name="Factory">Runs it over the states of the cells before, and puts its own state after them.</param>
/// <param name="HasValue">Whether it ends in an expression to show.</param>
/// <param name="Source">The code as the user wrote it.</param>
internal sealed record Submission(
    CSharpCompilation Compilation, Func<object?[], Task<object?>> Factory, bool HasValue, string Source);
