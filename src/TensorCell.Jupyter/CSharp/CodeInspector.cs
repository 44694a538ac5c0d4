using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace TensorCell.Jupyter.CSharp;

/// <summary>Finds what stands at a place in a cell: a symbol, or the overloads of the call that is being written.</summary>
internal static class CodeInspector
{
    private static readonly SymbolDisplayFormat format = SymbolDisplayFormat.CSharpErrorMessageFormat
        .WithMemberOptions(
            SymbolDisplayMemberOptions.IncludeParameters | SymbolDisplayMemberOptions.IncludeType
            | SymbolDisplayMemberOptions.IncludeContainingType | SymbolDisplayMemberOptions.IncludeRef
            | SymbolDisplayMemberOptions.IncludeConstantValue)
        .WithParameterOptions(
            SymbolDisplayParameterOptions.IncludeType | SymbolDisplayParameterOptions.IncludeName
            | SymbolDisplayParameterOptions.IncludeDefaultValue | SymbolDisplayParameterOptions.IncludeParamsRefOut
            | SymbolDisplayParameterOptions.IncludeExtensionThis)
        .WithKindOptions(SymbolDisplayKindOptions.IncludeTypeKeyword | SymbolDisplayKindOptions.IncludeNamespaceKeyword)
        .WithLocalOptions(SymbolDisplayLocalOptions.IncludeType);

    /// <summary>The symbols, the one meant first; empty when nothing is there.</summary>
    public static async Task<IReadOnlyList<ISymbol>> FindAsync(Document document, int cursor, CancellationToken cancellation)
    {
        SyntaxNode root = (await document.GetSyntaxRootAsync(cancellation))!;
        SemanticModel model = (await document.GetSemanticModelAsync(cancellation))!;
        foreach (int position in new[] { cursor, cursor - 1 }.Where(position => position >= 0 && position < root.FullSpan.End))
        {
            SyntaxToken token = root.FindToken(position);
            if (token.Span.Contains(position) && (token.IsKind(SyntaxKind.IdentifierToken) || token.Parent is PredefinedTypeSyntax)
                && SymbolsOf(token.Parent!, model, cancellation) is [_, ..] symbols)
            {
                return symbols;
            }
        }

        SyntaxToken before = root.FindToken(Math.Max(0, cursor - 1));
        return before.Parent?.AncestorsAndSelf().OfType<BaseArgumentListSyntax>().FirstOrDefault(list => list.SpanStart < cursor)
            is { Parent: { } call } ? SymbolsOf(call, model, cancellation) : [];
    }

    /// <summary>The symbol as it is declared, in one line.</summary>
    public static string SignatureOf(ISymbol symbol) => symbol switch
    {
        IFieldSymbol { ContainingType.IsScriptClass: true } variable => $"{variable.Type.ToDisplayString(format)} {variable.Name}",
        IMethodSymbol { ContainingType.IsScriptClass: true } method =>
            method.ToDisplayString(format.WithMemberOptions(format.MemberOptions & ~SymbolDisplayMemberOptions.IncludeContainingType)),
        _ => symbol.ToDisplayString(format),
    };

    private static ISymbol[] SymbolsOf(SyntaxNode node, SemanticModel model, CancellationToken cancellation)
    {
        SyntaxNode named = node is SimpleNameSyntax { Parent: MemberAccessExpressionSyntax access } && access.Name == node ? access : node;
        SyntaxNode called = named is InvocationExpressionSyntax invocation ? invocation.Expression : named;
        SymbolInfo info = model.GetSymbolInfo(named, cancellation);
        ISymbol? meant = info.Symbol ?? model.GetDeclaredSymbol(named, cancellation);
        return [
            .. new[] { meant }
                .Concat(info.CandidateSymbols)
                .Concat(model.GetMemberGroup(called, cancellation))
                .Concat([meant is null && info.CandidateSymbols.IsEmpty ? model.GetTypeInfo(named, cancellation).Type : null])
                .OfType<ISymbol>()
                .Where(symbol => symbol is not IErrorTypeSymbol)
                .Distinct(SymbolEqualityComparer.Default)];
    }
}
