using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace TensorCell.Jupyter.CSharp;

/// <summary>Finds the top-level variables, its own and the session's, that a cell assigns.</summary>
internal static class AssignedVariables
{
    /// <summary>Their names, in the order of their first assignment.</summary>
    public static IReadOnlyList<string> Of(Submission submission)
    {
        var names = new List<string>();
        foreach (SyntaxNode node in submission.Tree.GetRoot().DescendantNodes())
        {
            foreach (ISymbol? symbol in Targets(node, submission.Model))
            {
                if (symbol is IFieldSymbol { ContainingType.IsScriptClass: true } && !names.Contains(symbol.Name))
                {
                    names.Add(symbol.Name);
                }
            }
        }

        return names;
    }

    private static IEnumerable<ISymbol?> Targets(SyntaxNode node, SemanticModel model) => node switch
    {
        VariableDeclaratorSyntax { Initializer: not null } or SingleVariableDesignationSyntax => [model.GetDeclaredSymbol(node)],
        AssignmentExpressionSyntax assignment => Names(assignment.Left).Select(name => model.GetSymbolInfo(name).Symbol),
        PrefixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.PreIncrementExpression or (int)SyntaxKind.PreDecrementExpression } unary =>
            [model.GetSymbolInfo(unary.Operand).Symbol],
        PostfixUnaryExpressionSyntax unary => [model.GetSymbolInfo(unary.Operand).Symbol],
        ArgumentSyntax { RefKindKeyword.RawKind: (int)SyntaxKind.RefKeyword or (int)SyntaxKind.OutKeyword } argument =>
            [model.GetSymbolInfo(argument.Expression).Symbol],
        _ => [],
    };

    private static IEnumerable<ExpressionSyntax> Names(ExpressionSyntax target) => target is TupleExpressionSyntax tuple
        ? tuple.Arguments.SelectMany(argument => Names(argument.Expression))
        : [target];
}
